import { Fragment, type ReactNode } from 'react';

/**
 * A message as people and the assistant write them: paragraphs, numbered steps and bullets, with addresses of web pages
 * as links. It is text, never HTML: what looks like a tag is shown as it is.
 */
export function PlainText({ text }: { text: string }) {
  return <>{blocks(text).map((block, n) => (block.kind === 'text' ? <Paragraph key={n} lines={block.lines} /> : <List key={n} list={block} />))}</>;
}

type Block = { kind: 'text'; lines: string[] } | { kind: 'list'; isOrdered: boolean; start: number; items: string[] };

const STEP = /^\s{0,3}(\d{1,3})[.)]\s+(.+)$/;
const BULLET = /^\s{0,3}[-*•]\s+(.+)$/;

export function blocks(text: string): Block[] {
  const all: Block[] = [];
  for (const paragraph of text.replace(/\r\n?/g, '\n').split(/\n{2,}/)) {
    for (const line of paragraph.split('\n')) {
      const last = all.at(-1);
      const step = STEP.exec(line);
      const bullet = step ? null : BULLET.exec(line);
      if (step || bullet) {
        const item = (step ? step[2] : bullet?.[1]) ?? '';
        if (last?.kind === 'list' && last.isOrdered === Boolean(step)) last.items.push(item);
        else all.push({ kind: 'list', isOrdered: Boolean(step), start: step ? Number(step[1]) : 1, items: [item] });
      } else if (last?.kind === 'text' && last.lines !== closed) last.lines.push(line);
      else all.push({ kind: 'text', lines: [line] });
    }
    // An empty line ends a paragraph; there may be one between the steps of a list.
    if (all.at(-1)?.kind === 'text') all.push({ kind: 'text', lines: closed });
  }
  return all.filter((block) => block.kind === 'list' || block.lines.some((line) => line.trim() !== ''));
}

const closed: string[] = [];

function Paragraph({ lines }: { lines: string[] }) {
  return (
    <p>
      {lines.map((line, n) => (
        <Fragment key={n}>
          {n > 0 && <br />}
          {linked(line)}
        </Fragment>
      ))}
    </p>
  );
}

function List({ list }: { list: Extract<Block, { kind: 'list' }> }) {
  const items = list.items.map((item, n) => <li key={n}>{linked(item)}</li>);
  if (!list.isOrdered) return <ul className="list-disc space-y-1 ps-5">{items}</ul>;
  return (
    <ol start={list.start} className="list-decimal space-y-1 ps-6">
      {items}
    </ol>
  );
}

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>"'.,;:!?)\]}]/g;

function linked(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    parts.push(text.slice(end, found.index));
    parts.push(
      <a key={found.index} href={found[0]} target="_blank" rel="noopener noreferrer nofollow" className="link break-words">
        {found[0]}
      </a>,
    );
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}
