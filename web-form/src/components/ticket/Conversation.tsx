import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { Announcer } from '@/components/Announcer';
import { Icon } from '@/components/Icon';
import { PlainText } from '@/components/PlainText';
import { Time } from '@/components/Time';
import type { Message, TicketPage } from '@/lib/api/types';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useOlder } from '@/lib/useTicket';

interface ConversationProps {
  ticket: TicketPage;
  /** A message that is being sent. */
  pending: string | null;
}

/** The messages of a ticket, oldest first. New ones are announced to screen readers. */
export function Conversation({ ticket, pending }: ConversationProps) {
  const { texts, brand } = useSite();
  const t = texts.ticket;
  const older = useOlder(ticket.ticket_id);
  const news = useNews(ticket.messages);
  const last = ticket.messages.at(-1);
  // Until the request is over, the message may be there twice.
  const isStored = ticket.messages.slice(-3).some(({ role, content }) => role === 'customer' && content === pending);
  const isWriting = ticket.status === 'open' && last?.role === 'customer' && pending === null;

  return (
    <section aria-labelledby="conversation">
      <h2 id="conversation" className="sr-only">
        {t.conversation}
      </h2>
      <Announcer text={news ? fill(t.newMessage, { author: authorOf(news, texts.ticket, brand) }) : ''} />
      {ticket.older && (
        <div className="no-print mb-6 text-center">
          <button
            type="button"
            className="btn btn-quiet"
            disabled={older.isPending}
            onClick={() => ticket.older && older.mutate(ticket.older)}
          >
            {older.isPending ? t.olderLoading : t.older}
          </button>
        </div>
      )}
      <ol className="space-y-6">
        {ticket.messages.map((message) => (
          <MessageItem key={message.id} message={message} />
        ))}
        {pending !== null && !isStored && <Pending text={pending} />}
        {isWriting && <Writing />}
      </ol>
    </section>
  );
}

/** The newest message that is not the customer's and came while the page was open. */
function useNews(messages: Message[]): Message | null {
  const seen = useRef<Set<string> | null>(null);
  const [news, setNews] = useState<Message | null>(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = new Set(messages.map(({ id }) => id));
    if (!before) return;
    const last = messages.at(-1);
    if (last && !before.has(last.id) && last.role !== 'customer') setNews(last);
  }, [messages]);
  return news;
}

type TicketTexts = ReturnType<typeof useSite>['texts']['ticket'];

function authorOf({ role, kind }: Message, t: TicketTexts, company: string): string {
  if (role === 'customer') return t.you;
  if (role === 'staff') return fill(t.staff, { company });
  return kind === 'acknowledgement' ? t.system : t.agent;
}

function MessageItem({ message }: { message: Message }) {
  const { texts, brand } = useSite();
  const t = texts.ticket;
  const author = authorOf(message, t, brand);
  const isMine = message.role === 'customer';
  const isNotice = message.kind === 'acknowledgement';
  const look = isMine
    ? 'bg-accent-soft border-transparent rounded-se-sm'
    : isNotice
      ? 'bg-transparent border-line border-dashed rounded-ss-sm'
      : 'bg-surface border-line rounded-ss-sm shadow-card';
  return (
    <li data-testid="message" data-role={message.role} className={`message enter flex gap-3 ${isMine ? 'flex-row-reverse' : ''}`}>
      <Avatar role={message.role} />
      <article className={`min-w-0 max-w-[85%] sm:max-w-[80%] ${isMine ? 'items-end text-end' : ''}`}>
        <header className={`mb-1.5 flex flex-wrap items-baseline gap-x-2 text-xs ${isMine ? 'justify-end' : ''}`}>
          <h3 className="text-xs font-semibold tracking-normal text-ink">{author}</h3>
          <span className="text-ink-mute">
            <Time iso={message.created_at} />
          </span>
        </header>
        <div className={`message-bubble space-y-3 rounded-xl border px-4 py-3 text-start text-[0.9375rem] leading-6 text-ink ${look}`}>
          <PlainText text={message.content} />
        </div>
        {message.sources.length > 0 && <Sources sources={message.sources} />}
      </article>
    </li>
  );
}

function Avatar({ role }: { role: Message['role'] }) {
  if (role === 'customer') return null;
  const look = role === 'staff' ? 'bg-ink text-surface' : 'bg-accent text-accent-ink';
  return (
    <span aria-hidden="true" className={`no-print mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-full max-sm:hidden ${look}`}>
      <Icon name={role === 'staff' ? 'person' : 'spark'} size={16} filled={role !== 'staff'} />
    </span>
  );
}

function Sources({ sources }: { sources: Message['sources'] }) {
  const { texts } = useSite();
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
      <span className="text-ink-mute">{texts.ticket.sources}</span>
      <ul className="contents">
        {sources.map(({ id, title }) => (
          <li key={id}>
            <Link href={`/help?id=${encodeURIComponent(id)}`} prefetch={false} className="link inline-flex min-h-6 items-center gap-1">
              <Icon name="book" size={13} />
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Pending({ text }: { text: string }) {
  const { texts } = useSite();
  return (
    <li className="message flex flex-row-reverse">
      <div className="max-w-[85%] text-end sm:max-w-[80%]">
        <p className="mb-1.5 text-xs text-ink-mute">{texts.ticket.sending}</p>
        <div className="space-y-3 rounded-xl rounded-se-sm bg-accent-soft px-4 py-3 text-start text-[0.9375rem] leading-6 text-ink-soft">
          <PlainText text={text} />
        </div>
      </div>
    </li>
  );
}

function Writing() {
  const { texts } = useSite();
  return (
    <li className="no-print flex items-center gap-3 text-sm text-ink-mute" data-testid="writing">
      <Avatar role="agent" />
      <span className="flex gap-1" aria-hidden="true">
        {[0, 1, 2].map((n) => (
          <span key={n} className="dot-pulse size-1.5 rounded-full bg-current" style={{ animationDelay: `${n * 160}ms` }} />
        ))}
      </span>
      {texts.ticket.writing}
    </li>
  );
}
