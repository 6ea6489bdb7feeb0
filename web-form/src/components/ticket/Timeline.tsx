import { Icon } from '@/components/Icon';
import { Time } from '@/components/Time';
import type { TicketPage } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import type { Catalogue } from '@/texts';

interface Step {
  text: string;
  at: string | null;
  state: 'done' | 'now' | 'next';
}

/** What has happened to a ticket, where it is now, and what comes next. */
export function Timeline({ ticket }: { ticket: TicketPage }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const spoken = { done: t.stepDone, now: t.stepNow, next: t.stepNext };
  const all = steps(ticket, texts);
  return (
    <ol className="relative">
      {all.map(({ text, at, state }, n) => (
        <li key={text} aria-current={state === 'now' ? 'step' : undefined} className="relative flex gap-3 pb-5 last:pb-0">
          {n < all.length - 1 && (
            <span
              aria-hidden="true"
              className={`absolute start-[0.6875rem] top-6 bottom-0 w-0.5 ${state === 'done' ? 'bg-accent' : 'bg-line'}`}
            />
          )}
          <Marker state={state} />
          <div className="min-w-0">
            <p className={`text-sm ${state === 'next' ? 'text-ink-mute' : 'font-medium text-ink'}`}>
              <span className="sr-only">{spoken[state]}: </span>
              {text}
            </p>
            {at && (
              <p className="text-xs text-ink-mute">
                <Time iso={at} />
              </p>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function Marker({ state }: { state: Step['state'] }) {
  const look = {
    done: 'border-accent bg-accent text-accent-ink',
    now: 'border-accent bg-surface text-accent',
    next: 'border-line-strong bg-surface text-transparent',
  }[state];
  return (
    <span aria-hidden="true" className={`relative flex size-6 shrink-0 items-center justify-center rounded-full border-2 ${look}`}>
      {state === 'done' && <Icon name="check" size={14} />}
      {state === 'now' && <span className="size-2 rounded-full bg-current" />}
    </span>
  );
}

export function steps(ticket: TicketPage, texts: Catalogue): Step[] {
  const t = texts.ticket;
  const { status, messages } = ticket;
  const first = (role: 'agent' | 'staff') => messages.find((message) => message.role === role && message.kind === 'message');
  const [agent, staff] = [first('agent'), first('staff')];
  const withTeam = status === 'escalated' || status === 'in_progress';
  const isEnded = status === 'resolved' || status === 'closed';

  const all: Step[] = [{ text: t.stepReceived, at: ticket.created_at, state: 'done' }];
  if (agent || !(withTeam || staff)) {
    all.push({ text: t.stepAnswered, at: agent?.created_at ?? null, state: agent || isEnded ? 'done' : 'now' });
  }
  if (withTeam || staff) {
    const notice = messages.findLast(({ kind }) => kind === 'acknowledgement');
    all.push({ text: t.stepHanded, at: notice?.created_at ?? null, state: 'done' });
    const isWaiting = withTeam && !staff;
    all.push({ text: t.stepTeam, at: staff?.created_at ?? null, state: isWaiting ? 'now' : staff ? 'done' : 'next' });
  }
  const resolved = isEnded ? 'done' : all.some(({ state }) => state === 'now') ? 'next' : 'now';
  all.push({ text: t.stepResolved, at: ticket.resolved_at, state: resolved });
  if (status === 'closed') all.push({ text: t.stepClosed, at: ticket.updated_at, state: 'done' });
  return all;
}
