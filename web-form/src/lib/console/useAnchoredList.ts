import { useCallback, useLayoutEffect, useRef, type RefObject } from 'react';

/** Lines are found by this attribute. */
const LINE = '[data-line]';

interface Anchor {
  id: string;
  top: number;
}

/**
 * Keeps a list still while its content changes: the line under the pointer, else the one with the focus, else the first
 * visible one stays where it is on the screen, and what was inserted or removed moves out of sight. A list at its top
 * that is not being used moves, so that the most urgent line is seen.
 */
export function useAnchoredList(box: RefObject<HTMLElement | null>, content: unknown) {
  const anchor = useRef<Anchor | null>(null);
  const pointed = useRef<string | null>(null);

  const measure = useCallback(() => {
    const list = box.current;
    if (list) anchor.current = anchorOf(list, pointed.current);
  }, [box]);

  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const before = anchor.current;
    const line = before && list.querySelector<HTMLElement>(`${LINE}[data-line="${before.id}"]`);
    if (before && line) shift(list, line.getBoundingClientRect().top - before.top);
    measure();
  }, [box, content, measure]);

  const onPointerMove = useCallback(
    (event: { target: EventTarget }) => {
      const line = (event.target as HTMLElement).closest<HTMLElement>(LINE)?.dataset.line ?? null;
      if (line === pointed.current) return;
      pointed.current = line;
      measure();
    },
    [measure],
  );
  const onPointerLeave = useCallback(() => {
    pointed.current = null;
    const list = box.current;
    // Nobody aims at a line any more: room that was only there to keep it in place goes.
    if (list) list.style.paddingTop = list.style.paddingBottom = '';
    measure();
  }, [box, measure]);

  return { onScroll: measure, onPointerMove, onPointerLeave, onFocus: measure, onBlur: measure };
}

function anchorOf(list: HTMLElement, pointed: string | null): Anchor | null {
  const lines = [...list.querySelectorAll<HTMLElement>(LINE)];
  const focused = document.activeElement?.closest<HTMLElement>(LINE);
  const top = list.getBoundingClientRect().top;
  const line =
    lines.find(({ dataset }) => pointed !== null && dataset.line === pointed) ??
    lines.find((one) => one === focused) ??
    (list.scrollTop > 0 ? lines.find((one) => one.getBoundingClientRect().bottom > top) : undefined);
  return line?.dataset.line ? { id: line.dataset.line, top: line.getBoundingClientRect().top } : null;
}

/** Moves the content up by this many pixels; where there is nothing to scroll, room is added. */
function shift(list: HTMLElement, by: number): void {
  if (Math.abs(by) < 1) return;
  const wanted = list.scrollTop + by;
  if (wanted < 0) {
    list.style.paddingTop = `${px(list.style.paddingTop) - wanted}px`;
    list.scrollTop = 0;
    return;
  }
  const missing = wanted + list.clientHeight - list.scrollHeight;
  if (missing > 0) list.style.paddingBottom = `${px(list.style.paddingBottom) + missing}px`;
  list.scrollTop = wanted;
}

function px(size: string): number {
  return Number.parseFloat(size) || 0;
}
