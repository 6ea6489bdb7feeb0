import { useEffect, useRef } from 'react';
import { ApiError } from '../api/client';
import type { Presence, WatchCause } from '../api/desk';
import { type Connection, type StreamEvent, useEvents } from '../live';
import { useSetSession } from '../useSession';
import { useDesk } from './desk';
import { useCoalesced } from './useCoalesced';
import { useRefreshConversation } from './useConversation';
import { useRefreshQueue } from './useQueue';

/** The events of /staff/events. All but `presence` may change a queue. */
const EVENTS = ['conversation', 'message', 'delivery', 'turn', 'escalation', 'mention', 'watched', 'parked', 'presence'] as const;
/** Between two requests that events have caused. */
const PAUSE_MS = 250;
/** An escalation that is told again after this time is a reminder. */
const REMINDER_MS = 30_000;

/** Whom the news are told to. */
interface Notices {
  escalation: (conversation: string) => void;
  mention: (conversation: string, note: string) => void;
  watched: (conversation: string, cause: WatchCause) => void;
}

/** Keeps the queue and the open conversation current, and tells of mentions, escalations, reminders and what is watched, each once. */
export function useNews(open: string | null, notices: Notices): Connection {
  const { keepPresence } = useDesk();
  const refreshQueue = useRefreshQueue();
  const refreshConversation = useRefreshConversation();
  const queueNews = useCoalesced(refreshQueue, PAUSE_MS);
  const threadNews = useCoalesced(async () => open && refreshConversation(open), PAUSE_MS);
  const told = useRef(new Map<string, number>());

  return useEvents('/staff/events', EVENTS, (event?: StreamEvent) => {
    if (event?.name === 'presence') return keepPresence(event.data as unknown as Presence);
    queueNews();
    const id = event?.data.conversation_id;
    if (!event || id === open) threadNews();
    const name = event?.name;
    if ((name !== 'escalation' && name !== 'mention' && name !== 'watched') || typeof id !== 'string') return;
    const subject = String(event?.data[`${name}_id`] ?? id);
    const cause = event?.data.cause as WatchCause;
    const notice = [name, cause, subject].join();
    const before = told.current.get(notice) ?? -Infinity;
    if (Date.now() - before < REMINDER_MS) return;
    told.current.set(notice, Date.now());
    if (name === 'mention') notices.mention(id, subject);
    else if (name === 'watched') notices.watched(id, cause);
    else notices.escalation(id);
  });
}

/** A session that has ended leads to the login page. */
export function useSessionEnd(error: unknown): void {
  const setSession = useSetSession();
  const isOut = error instanceof ApiError && error.status === 401;
  useEffect(() => {
    if (isOut) setSession(null);
  }, [isOut, setSession]);
}
