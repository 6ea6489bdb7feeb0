import { useSite } from '@/lib/i18n';
import { type Connection, useOffline } from '@/lib/live';

/** Whether new messages appear by themselves. Losing the connection is announced. */
export function ConnectionLine({ connection }: { connection: Connection }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const isOffline = useOffline();
  const state = isOffline ? 'offline' : connection;
  const text = { offline: t.offline, connecting: t.connecting, reconnecting: t.reconnecting, live: t.liveText }[state];
  const dot = { offline: 'bg-danger', connecting: 'bg-line-strong', reconnecting: 'bg-warn dot-pulse', live: 'bg-good' }[state];
  const isTrouble = state === 'offline' || state === 'reconnecting';
  return (
    <p
      role="status"
      data-testid="connection"
      data-state={state}
      className={`no-print flex items-center gap-2 text-xs ${isTrouble ? 'font-medium text-warn' : 'text-ink-mute'}`}
    >
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dot}`} />
      {text}
    </p>
  );
}
