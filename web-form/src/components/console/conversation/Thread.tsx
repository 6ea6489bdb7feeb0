import { Fragment, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Announcer } from '@/components/Announcer';
import type { DeskConversation, DeskMessage, Turn } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { dayOf, entries } from '@/lib/console/timeline';
import { useOlderMessages } from '@/lib/console/useConversation';
import { useSeen } from '@/lib/console/useSeen';
import { fill, plural } from '@/lib/fill';
import { day } from '@/lib/time';
import { authorName, MessageCard } from './MessageCard';
import { TurnDetails } from './TurnDetails';

/** Nearer to the end than this, in pixels, the reader follows what is new. */
const NEAR = 60;

interface ThreadProps {
  conversation: DeskConversation;
  customer: string;
  addresses: string[];
  onResend: (delivery: string, to?: string) => void;
  onTakeBack: (message: string) => void;
}

/** Everything that happened in a conversation, oldest first, over all channels. */
export function Thread({ conversation, customer, addresses, onResend, onTakeBack }: ThreadProps) {
  const { t, language, me } = useDesk();
  const box = useRef<HTMLDivElement>(null);
  const { isAtEnd, unread, toEnd, onScroll } = useFollow(box, conversation, me.id);
  useSeen(conversation, isAtEnd);
  const news = useNews(conversation.messages);
  const all = useMemo(() => entries(conversation), [conversation]);

  return (
    <div className="relative min-h-0 flex-1">
      <Announcer text={news ? fill(t.newMessageFrom, { name: authorName(news, customer, t) }) : ''} />
      <div ref={box} role="region" aria-label={t.messages} tabIndex={0} className="h-full overflow-y-auto px-3 py-4 sm:px-5" onScroll={onScroll} onClick={() => requestAnimationFrame(onScroll)}>
        <Older conversation={conversation} />
        <ol className="mx-auto flex max-w-3xl flex-col gap-4" data-testid="thread">
          {all.map((entry, n) => {
            const before = all[n - 1];
            const isNewDay = !before || dayOf(before) !== dayOf(entry);
            const id = entry.kind === 'message' ? entry.message.id : entry.turn.id;
            return (
              <Fragment key={id}>
                {isNewDay && <DayLine>{day(new Date(dayOf(entry)), language)}</DayLine>}
                {entry.kind === 'message' ? (
                  <MessageCard
                    message={entry.message}
                    turn={entry.turn}
                    customer={customer}
                    addresses={addresses}
                    onResend={onResend}
                    onTakeBack={onTakeBack}
                  />
                ) : (
                  <TurnLine turn={entry.turn} />
                )}
              </Fragment>
            );
          })}
        </ol>
      </div>
      {unread > 0 && (
        <button type="button" data-testid="new-below" className="btn btn-sm btn-primary absolute inset-x-0 bottom-3 mx-auto w-fit shadow-pop" onClick={toEnd}>
          {plural(t.newBelow, unread, language)}
        </button>
      )}
    </div>
  );
}

/** Keeps the end in view for a reader who is there, and the place of one who reads further up. */
function useFollow(box: React.RefObject<HTMLDivElement | null>, { conversation_id: id, messages }: DeskConversation, me: string) {
  const [isAtEnd, setAtEnd] = useState(true);
  const [unread, setUnread] = useState(0);
  const place = useRef({ id: '', first: '', last: '', height: 0, isAtEnd: true });
  const first = messages[0]?.id ?? '';
  const last = messages.at(-1)?.id ?? '';

  const toEnd = useCallback(() => {
    const list = box.current;
    if (list) list.scrollTop = list.scrollHeight;
  }, [box]);
  const onScroll = useCallback(() => {
    const list = box.current;
    if (!list) return;
    const near = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    place.current.isAtEnd = near;
    setAtEnd(near);
    if (near) setUnread(0);
  }, [box]);

  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const before = place.current;
    const isOther = before.id !== id;
    // Whoever writes wants to see it.
    const isOwn = before.last !== last && messages.at(-1)?.author?.id === me;
    if (isOther || isOwn || before.isAtEnd) toEnd();
    // Older messages were added above: what is read stays where it is.
    else if (before.first !== first) list.scrollTop += list.scrollHeight - before.height;
    if (isOther) setUnread(0);
    else if (before.last !== last && !before.isAtEnd && !isOwn) {
      const known = messages.findIndex((message) => message.id === before.last);
      setUnread((n) => n + (known < 0 ? 1 : messages.length - 1 - known));
    }
    place.current = { id, first, last, height: list.scrollHeight, isAtEnd: isOther || isOwn || before.isAtEnd };
  }, [box, id, first, last, me, messages, toEnd]);

  // The writing field below grows, and details open: the end stays in view.
  useEffect(() => {
    const list = box.current;
    if (!list) return;
    const observer = new ResizeObserver(() => place.current.isAtEnd && toEnd());
    observer.observe(list);
    return () => observer.disconnect();
  }, [box, toEnd]);

  return { isAtEnd, unread, toEnd, onScroll };
}

/** The newest message that came while the conversation was open. */
function useNews(messages: DeskMessage[]): DeskMessage | null {
  const seen = useRef<Set<string> | null>(null);
  const [news, setNews] = useState<DeskMessage | null>(null);
  useEffect(() => {
    const before = seen.current;
    seen.current = new Set(messages.map(({ id }) => id));
    const last = messages.at(-1);
    if (before && last && !before.has(last.id)) setNews(last);
  }, [messages]);
  return news;
}

function Older({ conversation }: { conversation: DeskConversation }) {
  const { t } = useDesk();
  const older = useOlderMessages(conversation.conversation_id);
  const before = conversation.older;
  if (!before) return null;
  return (
    <div className="mb-4 text-center">
      <button type="button" className="btn btn-sm btn-quiet" disabled={older.isPending} onClick={() => older.mutate(before)}>
        {older.isPending ? t.olderLoading : t.older}
      </button>
    </div>
  );
}

function DayLine({ children }: { children: ReactNode }) {
  return (
    <li className="flex items-center gap-3 text-xs text-ink-mute">
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
      {children}
      <span aria-hidden="true" className="h-px flex-1 bg-line" />
    </li>
  );
}

/** A turn that left no message. */
function TurnLine({ turn }: { turn: Turn }) {
  const { t } = useDesk();
  if (turn.end === 'running') {
    return (
      <li data-testid="bot-writing" className="flex items-center justify-end gap-2 text-xs text-ink-mute">
        <span aria-hidden="true" className="dot-pulse size-1.5 rounded-full bg-accent" />
        {t.botWriting}
      </li>
    );
  }
  const text = turn.end === 'committed' ? t.turn[turn.outcome ?? 'silent'] : t.turn[turn.end];
  return (
    <li data-testid="turn-line" data-end={turn.end} className="ms-auto max-w-[88%] text-end text-xs text-ink-mute">
      <p>{text}</p>
      <TurnDetails turn={turn} title={t.whyTurn} />
    </li>
  );
}
