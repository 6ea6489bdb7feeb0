import type { DeskConversation, TicketStatus } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { HEADING } from '@/lib/console/focus';
import { possible } from '@/lib/console/possible';
import { useNow } from '@/lib/console/time';
import type { Actions } from '@/lib/console/useActions';
import { fill } from '@/lib/fill';
import { dateTime } from '@/lib/time';
import { Kbd } from '../Kbd';
import { DeskIcon, type DeskIconName } from '../DeskIcon';
import { Due } from '../Due';

const looks: Record<TicketStatus, string> = {
  open: 'bg-accent-soft text-accent-text',
  waiting_customer: 'bg-sunken text-ink-soft',
  escalated: 'bg-warn-soft text-warn',
  in_progress: 'bg-accent-soft text-accent-text',
  resolved: 'bg-good-soft text-good',
  closed: 'bg-sunken text-ink-soft',
};

interface HeadProps {
  conversation: DeskConversation;
  customer: string;
  actions: Actions;
  onBack: () => void;
  onDetails: () => void;
}

/** What a conversation is about, in whose hands it is, and what can be done with it. */
export function ConversationHead({ conversation, customer, actions, onBack, onDetails }: HeadProps) {
  const { t, language, me } = useDesk();
  const { ticket, assignee, snoozed_until: snoozed } = conversation;
  return (
    <header data-conversation={conversation.conversation_id} className="border-b border-line px-3 py-2 sm:px-5">
      <div className="flex items-start gap-2">
        <button type="button" className="icon-btn phone-only -ms-2 size-9" aria-label={t.back} onClick={onBack}>
          <DeskIcon name="back" />
        </button>
        <div className="min-w-0 flex-1">
          <h2 id={HEADING} tabIndex={-1} className="truncate text-base leading-7 outline-none" title={ticket.subject}>
            {ticket.subject}
          </h2>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-ink-mute">
            <span data-testid="status" data-status={ticket.status} className={`pill px-2 ${looks[ticket.status]}`}>
              {t.status[ticket.status]}
            </span>
            <span className="tabular-nums">{ticket.ticket_number}</span>
            <span className="truncate">{customer}</span>
            <span>{t.channels[conversation.channel]}</span>
            {assignee && (
              <span data-testid="assignee" className="font-medium text-ink-soft">
                {fill(t.assignedTo, { name: assignee.id === me.id ? t.you : assignee.name })}
              </span>
            )}
            <Sla {...conversation.sla} />
            {snoozed && <span className="font-medium text-ink-soft">{fill(t.until, { time: dateTime(snoozed, language) })}</span>}
          </p>
        </div>
        <button type="button" className="icon-btn not-desktop size-9" aria-label={t.showDetails} onClick={onDetails}>
          <DeskIcon name="info" />
        </button>
      </div>
      <ActionBar conversation={conversation} actions={actions} />
    </header>
  );
}

/** When the next answer or the resolution is due, and whether the clocks stand still. */
function Sla({ first_response_due, next_response_due, resolution_due, breached, paused }: DeskConversation['sla']) {
  const { t } = useDesk();
  const now = useNow();
  const dues = [first_response_due, next_response_due, resolution_due].flatMap((due) => due ?? []);
  const due = dues.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null;
  return (
    <>
      <Due due={due} isBreached={breached} now={now} />
      {paused && <span>{t.paused}</span>}
    </>
  );
}

function ActionBar({ conversation, actions }: Pick<HeadProps, 'conversation' | 'actions'>) {
  const { t, me, openDialog } = useDesk();
  const can = possible(conversation, me.id);
  const button = (text: string, key: string, run: () => void, icon?: DeskIconName, isPrimary = false) => (
    <button type="button" className={`btn btn-sm ${isPrimary ? 'btn-primary' : 'btn-quiet'}`} aria-keyshortcuts={key} onClick={run}>
      {icon && <DeskIcon name={icon} size={14} />}
      {text}
      <Kbd of={key} />
    </button>
  );
  return (
    <div role="toolbar" aria-label={t.conversation} className="mt-2 flex flex-wrap gap-1.5">
      {can.claim && button(t.claim, 'c', () => void actions.claim(conversation), 'person', true)}
      {can.resolve && button(t.resolve, 'e', () => void actions.resolve(conversation), 'check', !can.claim)}
      {can.reopen && button(t.reopen, 'o', () => void actions.reopen(conversation), 'undo', true)}
      {can.assign && button(t.assign, 'a', () => openDialog('assign'))}
      {can.snooze && button(t.snooze, 's', () => openDialog('snooze'))}
      {can.wake && button(t.wake, 's', () => void actions.wake(conversation))}
      {can.watch && button(t.watch, 'w', () => void actions.watch(conversation))}
      {can.unwatch && button(t.unwatch, 'w', () => void actions.unwatch(conversation))}
      {can.handBack && button(t.handBack, 'b', () => openDialog('hand_back'))}
      {can.summarize && button(t.summary, 'i', () => openDialog('summary'))}
      {can.release && button(t.release, 'u', () => void actions.release(conversation))}
      <button type="button" className="btn btn-sm btn-quiet" aria-label={t.more} title={t.more} onClick={() => openDialog('palette')}>
        <DeskIcon name="more" size={14} />
      </button>
    </div>
  );
}
