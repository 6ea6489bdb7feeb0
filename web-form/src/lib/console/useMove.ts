import { type RefObject, useCallback, useEffect, useRef } from 'react';
import type { QueueItem } from '../api/desk';

/**
 * Moves the focus to the next or previous conversation of the queue: from the one with the focus, else from the open one.
 * Where that has left the queue, the one that took its place is the next.
 */
export function useMove(list: RefObject<HTMLElement | null>, open: string | null, items: QueueItem[]) {
  const place = useRef(0);

  useEffect(() => {
    const at = items.findIndex(({ conversation_id: id }) => id === open);
    if (at >= 0) place.current = at;
  }, [items, open]);

  return useCallback(
    (by: 1 | -1) => {
      const lines = [...(list.current?.querySelectorAll<HTMLAnchorElement>('[data-line] a') ?? [])];
      if (lines.length === 0) return;
      const focused = lines.findIndex((line) => line === document.activeElement);
      const current = lines.findIndex((line) => line.getAttribute('aria-current') === 'true');
      const from = focused >= 0 ? focused : current >= 0 ? current : by > 0 ? place.current - 1 : place.current;
      const to = Math.min(Math.max(from + by, 0), lines.length - 1);
      lines[to]?.focus();
    },
    [list],
  );
}
