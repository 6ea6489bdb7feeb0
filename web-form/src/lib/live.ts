import { useEffect, useRef, useState } from 'react';
import { siteConfig } from './site';

/** How a page gets its news. */
export type Connection = 'connecting' | 'live' | 'reconnecting';

/** An event of a stream: its name and its ids. */
export interface StreamEvent {
  name: string;
  data: Record<string, unknown>;
}

/** While the stream is down, the page asks at this interval. */
const POLL_MS = 4_000;
/** First and longest pause before the stream is opened again after a refusal. */
const REOPEN_MS = 2_000;
const REOPEN_MAX_MS = 30_000;
/** A stream that stays silent longer than the server's heartbeat may be dead; asking costs little. */
const SAFETY_MS = 60_000;

const TICKET_EVENTS = ['message', 'ticket'] as const;

/** Server-sent events of a ticket. */
export function useLive(ticket: string | null, onNews: () => void): Connection {
  return useEvents(ticket && `/support/ticket/${ticket}/events`, TICKET_EVENTS, onNews);
}

/**
 * Server-sent events, with polling as the fall-back. `onNews` is called with each event, and without one whenever
 * anything may have changed: after every (re)connection, and regularly while there is no stream. `names` must not change.
 */
export function useEvents(path: string | null, names: readonly string[], onNews: (event?: StreamEvent) => void): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  const news = useRef(onNews);
  useEffect(() => {
    news.current = onNews;
  });

  useEffect(() => {
    if (!path) return;
    let source: EventSource | null = null;
    let reopen: ReturnType<typeof setTimeout> | undefined;
    let pause = REOPEN_MS;
    let isLive = false;
    let ended = false;
    const ask = () => news.current();

    const open = () => {
      if (ended) return;
      source = new EventSource(`${siteConfig().apiBase}${path}`);
      source.onopen = () => {
        isLive = true;
        pause = REOPEN_MS;
        setConnection('live');
        ask();
      };
      for (const name of ['hello', 'reset']) source.addEventListener(name, ask);
      for (const name of names) source.addEventListener(name, ({ data }: MessageEvent<string>) => news.current({ name, data: parsed(data) }));
      source.onerror = () => {
        isLive = false;
        setConnection('reconnecting');
        // The browser tries again by itself unless the server refused the stream.
        if (source?.readyState !== EventSource.CLOSED) return;
        reopen = setTimeout(open, pause);
        pause = Math.min(pause * 2, REOPEN_MAX_MS);
      };
    };
    open();

    const poll = setInterval(() => !isLive && ask(), POLL_MS);
    const safety = setInterval(() => isLive && ask(), SAFETY_MS);
    const wake = () => document.visibilityState === 'visible' && ask();
    const back = () => {
      ask();
      if (source?.readyState === EventSource.CLOSED) {
        clearTimeout(reopen);
        open();
      }
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', back);
    return () => {
      ended = true;
      source?.close();
      clearTimeout(reopen);
      clearInterval(poll);
      clearInterval(safety);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', back);
    };
  }, [path, names]);

  return connection;
}

function parsed(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Whether the device says that it is offline. */
export function useOffline(): boolean {
  const [offline, setOffline] = useState(false);
  useEffect(() => {
    const update = () => setOffline(!navigator.onLine);
    update();
    window.addEventListener('online', update);
    window.addEventListener('offline', update);
    return () => {
      window.removeEventListener('online', update);
      window.removeEventListener('offline', update);
    };
  }, []);
  return offline;
}
