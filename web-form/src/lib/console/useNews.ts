import { useEffect, useRef } from 'react';
import { ApiError } from '../api/client';
import type { Presence } from '../api/desk';
import { type Connection, type StreamEvent, useEvents } from '../live';
import { useSetSession } from '../useSession';
import { useDesk } from './desk';
import { useCoalesced } from './useCoalesced';
import { useRefreshConversation } from './useConversation';
import { useRefreshQueue } from './useQueue';

/** The events of /staff/events. All but `presence` may change a queue. */
const EVENTS = ['conversation', 'message', 'delivery', 'turn', 'escalation', 'mention', 'parked', 'presence'] as const;
/** Between two requests that events have caused. */
const PAUSE_MS = 250;

/** Keeps the queue and the open conversation current, and tells of escalations, each once. */
export function useNews(open: string | null, onEscalation: (conversation: string) => void): Connection {
  const { keepPresence } = useDesk();
  const refreshQueue = useRefreshQueue();
  const refreshConversation = useRefreshConversation();
  const queueNews = useCoalesced(refreshQueue, PAUSE_MS);
  const threadNews = useCoalesced(async () => open && refreshConversation(open), PAUSE_MS);
  const told = useRef(new Set<string>());

  return useEvents('/staff/events', EVENTS, (event?: StreamEvent) => {
    if (event?.name === 'presence') return keepPresence(event.data as unknown as Presence);
    queueNews();
    const id = event?.data.conversation_id;
    if (!event || id === open) threadNews();
    if (event?.name !== 'escalation' || typeof id !== 'string') return;
    const escalation = String(event.data.escalation_id ?? id);
    if (told.current.has(escalation)) return;
    told.current.add(escalation);
    onEscalation(id);
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
