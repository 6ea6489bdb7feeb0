import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { dateTime } from '@/lib/time';
import { type Behind, behindCsv, type NumbersAddress, useAgents, useBehind } from '@/lib/useNumbers';
import type { CauseName, FigureName, NumberTexts, ReasonName } from '@/texts/numbers';
import { duration, shown } from './figures';

/** The conversations behind a number; each opens in the console. */
export function ConversationList({ address, t }: { address: NumbersAddress; t: NumberTexts }) {
  const { texts, language } = useSite();
  const heading = useRef<HTMLHeadingElement>(null);
  const list = useBehind(address);
  const { figure = '', day, channel, agent } = address.selection ?? {};
  const agents = useAgents(address.from, address.to);
  const who = agent && agents.data?.items.find((item) => item.agent.id === agent)?.agent.name;
  const pages = list.data?.pages ?? [];
  const count = pages[0]?.count;
  const where = [nameOf(figure, t), day, channel && t.channels[channel], who].filter(Boolean).join(', ');
  // Whoever opens it by keyboard goes on in it.
  useEffect(() => heading.current?.focus({ preventScroll: false }), []);
  return (
    <section className="card px-4 py-3" aria-labelledby="behind" data-testid="behind">
      <div className="flex items-center justify-between gap-3">
        <h2 id="behind" ref={heading} tabIndex={-1} className="text-base outline-none">
          {fill(t.list, { figure: where, n: count ?? '…' })}
        </h2>
        <span className="flex flex-wrap justify-end gap-x-4 gap-y-1 text-sm">
          <a href={behindCsv(address)} download className="link">
            {t.csvList}
          </a>
          <Link href={address.hrefOf(null)} shallow scroll={false} prefetch={false} className="link">
            {t.close}
          </Link>
        </span>
      </div>
      {list.isError && <Notice kind="danger">{failureText(list.error, texts)}</Notice>}
      <ul className="mt-2 divide-y divide-line">
        {pages.flatMap((page) => page.items).map((item) => (
          <li key={item.conversation_id}>
            <Link
              href={`/console?queue=all&c=${item.conversation_id}`}
              prefetch={false}
              data-testid="counted"
              className="grid gap-x-4 py-2 text-sm hover:bg-sunken sm:grid-cols-[7rem_1fr_auto]"
            >
              <span className="font-medium tabular-nums">{item.ticket.ticket_number}</span>
              <span className="min-w-0 truncate">
                {item.ticket.subject} <span className="text-ink-mute">– {item.preview}</span>
              </span>
              <span className="text-ink-mute tabular-nums">{[detail(item, figure, t, language), dateTime(item.created_at, language)].filter(Boolean).join(' · ')}</span>
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" className="btn btn-quiet mt-2" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.more}
        </button>
      )}
    </section>
  );
}

function nameOf(figure: string, t: NumberTexts): string {
  const reason = figure.replace(/^resolution\.handed_off\./, '') as ReasonName;
  if (figure === 'delivery_failures') return t.failures;
  const cause = figure.replace(/^delivery_failures\./, '') as CauseName;
  return t.figures[figure as FigureName] ?? t.reasons[reason] ?? t.causes[cause] ?? figure;
}

/** What the conversation has of the figure, where each has another value. */
function detail(item: Behind, figure: string, t: NumberTexts, language: string): string | null {
  if (figure.startsWith('answer_ms')) return item.answer_ms == null ? null : duration(item.answer_ms, language);
  if (figure.startsWith('csat')) return item.score == null ? null : shown('conversations', item.score, t, language);
  if (figure === 'sentiment') return shown('sentiment', item.sentiment ?? null, t, language);
  if (figure === 'cost_micros') return shown('cost_micros', item.cost_micros, t, language);
  return item.reason ? t.reasons[item.reason] : null;
}
