import Link from 'next/link';
import type { Channel, QueueItem } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { span } from '@/lib/console/time';
import { fill } from '@/lib/fill';
import { fullTime } from '@/lib/time';
import { DeskIcon, type DeskIconName } from '../DeskIcon';
import { Due } from '../Due';

export const channelIcons: Record<Channel, DeskIconName> = { email: 'mail', whatsapp: 'chat', web_form: 'form' };

interface QueueLineProps {
  item: QueueItem;
  href: string;
  isOpen: boolean;
  isChosen: boolean;
  onChoose: (id: string) => void;
  now: number;
  /** The reader is about to open it. */
  onAim: (id: string) => void;
}

/** A conversation in a queue. Every line has the same height, so that news never move the others. */
export function QueueLine({ item, href, isOpen, isChosen, onChoose, now, onAim }: QueueLineProps) {
  const { t, me, language } = useDesk();
  const { ticket, customer, severity, reason, assignee, preview } = item;
  const isSevere = severity === 'urgent' || severity === 'high';
  return (
    <li data-line={item.conversation_id} className="flex">
      <label className="flex w-8 shrink-0 cursor-pointer justify-center pt-3">
        <input
          type="checkbox"
          aria-label={fill(t.selectTicket, { number: ticket.ticket_number })}
          checked={isChosen}
          onChange={() => onChoose(item.conversation_id)}
        />
      </label>
      <Link
        href={href}
        shallow
        prefetch={false}
        aria-current={isOpen ? 'true' : undefined}
        data-testid="queue-item"
        data-status={ticket.status}
        className="queue-line min-w-0 flex-1"
        onFocus={() => !isOpen && onAim(item.conversation_id)}
        onPointerEnter={() => !isOpen && onAim(item.conversation_id)}
      >
        <span className="flex items-center gap-1.5">
          <span className="text-ink-mute" title={t.channels[item.channel]}>
            <DeskIcon name={channelIcons[item.channel]} size={14} />
          </span>
          <span className="min-w-0 flex-1 truncate font-semibold">{customer.name}</span>
          <Due due={item.due_at} isBreached={item.breached} snoozed={item.snoozed_until} now={now} />
        </span>
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate">
            {ticket.subject}
            {preview && <span className="text-ink-mute"> – {preview}</span>}
          </span>
          <span data-testid="waiting" title={fullTime(item.last_message_at, language)} className="text-xs whitespace-nowrap text-ink-mute tabular-nums">
            {fill(isWaiting(item) ? t.waits : t.ago, { time: span(now - Date.parse(item.last_message_at), language) })}
          </span>
        </span>
        <span className="mt-0.5 flex h-5 items-center gap-1.5 overflow-hidden text-xs whitespace-nowrap text-ink-mute">
          <span className="tabular-nums">{ticket.ticket_number}</span>
          {severity && severity !== 'normal' && (
            <span className={`chip ${severity === 'urgent' ? 'chip-danger' : isSevere ? 'chip-warn' : ''}`}>{t.severities[severity]}</span>
          )}
          {reason && <span className="chip">{t.reason[reason]}</span>}
          {!reason && <span className="truncate">{t.status[ticket.status]}</span>}
          {item.tags.slice(0, 2).map((tag) => (
            <span key={tag} className="truncate">
              #{tag}
            </span>
          ))}
          {assignee && (
            <span className="ms-auto max-w-24 truncate font-medium text-ink-soft">
              <span className="sr-only">{fill(t.assignedTo, { name: '' })}</span>
              {assignee.id === me.id ? t.you : assignee.name}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}

/** Whether someone waits for staff. */
function isWaiting({ ticket }: QueueItem): boolean {
  return ticket.status === 'escalated' || ticket.status === 'in_progress';
}
