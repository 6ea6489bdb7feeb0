import dynamic from 'next/dynamic';
import { PlainText } from '@/components/PlainText';
import { Time } from '@/components/Time';
import type { DeskMessage, Turn } from '@/lib/api/desk';
import { type DeskState, useDesk } from '@/lib/console/desk';
import { messageId } from '@/lib/console/focus';
import { siteConfig } from '@/lib/site';
import { Deliveries } from './Deliveries';
import { TurnDetails } from './TurnDetails';
import { DeskIcon } from '../DeskIcon';

const Verdict = dynamic(() => import('../copilot/Verdict'), { ssr: false });
const MailParts = dynamic(() => import('./MailParts'), { ssr: false });

interface MessageCardProps {
  message: DeskMessage;
  turn: Turn | null;
  customer: string;
  addresses: string[];
  onResend: (delivery: string, to?: string) => void;
  onTakeBack: (message: string) => void;
}

/** A message of the timeline: customers at the start of the line, the bot and staff at its end, notes across. */
export function MessageCard({ message, turn, customer, addresses, onResend, onTakeBack }: MessageCardProps) {
  const { t, me } = useDesk();
  const isNote = message.kind === 'note';
  const isInbound = message.role === 'customer';
  const place = isNote ? 'mx-2' : isInbound ? 'me-auto' : 'ms-auto text-end';
  return (
    <li id={messageId(message.id)} tabIndex={-1} data-testid="message" data-role={message.role} data-kind={message.kind} className={`w-fit max-w-[88%] min-w-0 ${place}`}>
      <article>
        <header className={`mb-1 flex flex-wrap items-center gap-x-2 text-xs ${isInbound || isNote ? '' : 'justify-end'}`}>
          {(isNote || message.role === 'agent') && (
            <span className={isNote ? 'text-warn' : 'text-accent-text'}>
              <DeskIcon name={isNote ? 'note' : 'spark'} size={13} filled={!isNote} />
            </span>
          )}
          <h3 className="text-xs font-semibold tracking-normal">{authorName(message, customer, t)}</h3>
          {isNote && <span className="text-ink-mute">{t.noteLabel}</span>}
          {message.kind === 'acknowledgement' && <span className="text-ink-mute">{t.acknowledgement}</span>}
          <span className="text-ink-mute">
            <Time iso={message.created_at} />
          </span>
        </header>
        <div className={`bubble w-fit text-start ${isInbound || isNote ? '' : 'ms-auto'} ${look(message)}`}>
          <PlainText text={message.content} />
          <Files message={message} />
          {message.mentions && (
            <p data-testid="mentions" className="mt-1 text-xs font-medium text-accent-text">
              {message.mentions.map(({ name }) => `@${name}`).join(' ')}
            </p>
          )}
        </div>
        {message.mail && <MailParts message={message} />}
        {!isInbound && !isNote && (
          <Deliveries
            message={message}
            addresses={addresses}
            onResend={onResend}
            onTakeBack={message.author?.id === me.id || me.role === 'admin' ? () => onTakeBack(message.id) : null}
          />
        )}
        {turn && <TurnDetails turn={turn} title={t.why} />}
        {turn && message.role === 'agent' && message.kind === 'message' && <Verdict message={message.id} />}
      </article>
    </li>
  );
}

export function authorName({ role, author }: DeskMessage, customer: string, t: DeskState['t']): string {
  if (role === 'customer') return customer;
  return author?.name ?? t.bot;
}

function look({ role, kind, delivery_status: state }: DeskMessage): string {
  if (state === 'withdrawn') return 'bubble-withdrawn';
  if (kind === 'note') return 'bubble-note';
  if (kind === 'acknowledgement') return 'bubble-notice';
  return { customer: 'bubble-customer', agent: 'bubble-bot', staff: 'bubble-staff' }[role];
}

function Files({ message }: { message: DeskMessage }) {
  if (!message.attachments?.length) return null;
  return (
    <ul className="space-y-1 text-xs">
      {message.attachments.map(({ id, description, state, note }) => (
        <li key={id} className="flex items-center gap-1.5">
          <DeskIcon name="link" size={13} />
          {state === 'stored' ? (
            <a href={`${siteConfig().apiBase}/attachments/${id}`} target="_blank" rel="noopener" className="link">
              {description}
            </a>
          ) : (
            <span className="text-ink-mute">
              {description}
              {note && ` – ${note}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
