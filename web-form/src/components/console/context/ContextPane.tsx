import dynamic from 'next/dynamic';
import { type ReactNode, useId } from 'react';
import Link from 'next/link';
import { Time } from '@/components/Time';
import { type DeskConversation, priorities, type Priority, severities, type Severity } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { PAST } from '@/lib/console/focus';
import { span, useNow } from '@/lib/console/time';
import type { Actions } from '@/lib/console/useActions';
import type { Address } from '@/lib/console/useAddress';
import { useCustomer, usePast } from '@/lib/console/useConversation';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { dateTime, day } from '@/lib/time';
import { TagField } from './TagField';
import { DeskIcon } from '../DeskIcon';

const WorkPart = dynamic(() => import('../work/WorkPart'), { ssr: false });

interface ContextPaneProps {
  conversation: DeskConversation | undefined;
  address: Address;
  actions: Actions;
  onBack: () => void;
}

/** Who the customer is, and what is known of the ticket. */
export function ContextPane({ conversation, address, actions, onBack }: ContextPaneProps) {
  const { t } = useDesk();
  return (
    <section aria-label={t.details} className="pane pane-context">
      <div className="not-desktop flex items-center gap-2 border-b border-line px-3 py-1">
        <button type="button" className="icon-btn -ms-2 size-9" aria-label={t.backToConversation} onClick={onBack}>
          <DeskIcon name="back" />
        </button>
        <span className="font-semibold">{t.details}</span>
      </div>
      {conversation && (
        <div className="min-h-0 flex-1 space-y-5 overflow-y-auto p-4">
          <CustomerPart conversation={conversation} />
          <TicketPart conversation={conversation} actions={actions} />
          <ClocksPart conversation={conversation} />
          <WorkPart conversation={conversation} address={address} />
          <PastPart conversation={conversation} address={address} />
        </div>
      )}
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="panel-title">
        {title}
      </h2>
      <div className="mt-1.5">{children}</div>
    </section>
  );
}

function Row({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center justify-between gap-3 text-sm">
      <dt className="text-ink-mute">{term}</dt>
      <dd className="min-w-0 text-end font-medium wrap-anywhere">{children}</dd>
    </div>
  );
}

type Proof = 'attested' | 'code' | 'claim' | 'failed';
const proofLooks: Record<Proof, string> = { attested: 'text-good', code: 'text-good', claim: 'text-ink-mute', failed: 'text-danger' };

function CustomerPart({ conversation }: { conversation: DeskConversation }) {
  const { t } = useDesk();
  const { data: customer, isError } = useCustomer(conversation.customer_id);
  const known = customer?.identifiers.map(({ kind, value, attested }) => ({ kind, value, proof: (attested ? 'attested' : 'claim') as Proof })) ?? [];
  // What this conversation shows of an identity is more precise than whether it was ever proved.
  const here = conversation.participants.filter(({ role }) => role === 'customer');
  const identities = [...here, ...known.filter(({ value }) => !here.some((one) => one.value === value))];
  const others = conversation.participants.filter(({ role }) => role !== 'customer');
  return (
    <Part title={t.customer}>
      <p className="text-base font-semibold wrap-anywhere">{customer?.name ?? here[0]?.name ?? ''}</p>
      {isError && <p className="mt-1 text-xs text-danger">{t.failedCustomer}</p>}
      {customer?.plan && (
        <p className="text-sm text-ink-soft">
          {t.plan}: {customer.plan}
        </p>
      )}
      <ul aria-label={t.identities} className="mt-2 space-y-1.5" data-testid="identities">
        {identities.map(({ kind, value, proof }) => (
          <li key={`${kind} ${value}`}>
            <p className="text-sm wrap-anywhere">{value}</p>
            <p data-proof={proof} className={`flex items-center gap-1 text-xs ${proofLooks[proof]}`}>
              <DeskIcon name={proof === 'attested' || proof === 'code' ? 'check' : proof === 'failed' ? 'alert' : 'info'} size={12} />
              {t.proof[proof]}
            </p>
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <ul className="mt-2 space-y-0.5 text-xs text-ink-mute">
          {others.map(({ value, role, name }) => (
            <li key={`${role} ${value}`} className="wrap-anywhere">
              {role === 'cc' ? 'Cc' : ''} {name ? `${name} <${value}>` : value}
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function TicketPart({ conversation, actions }: { conversation: DeskConversation; actions: Actions }) {
  const { texts } = useSite();
  const { t } = useDesk();
  const { ticket, severity } = conversation;
  const setPriority = (priority: Priority) => void actions.change(conversation, { priority }, { priority: ticket.priority });
  const setSeverity = (next: Severity) => void actions.change(conversation, { severity: next }, severity ? { severity } : null);
  return (
    <Part title={t.ticket}>
      <dl>
        <Row term={<label htmlFor="priority">{t.priority}</label>}>
          <select id="priority" className="select-sm" value={ticket.priority} onChange={({ target }) => setPriority(target.value as Priority)}>
            {priorities.map((value) => (
              <option key={value} value={value}>
                {t.priorities[value]}
              </option>
            ))}
          </select>
        </Row>
        <Row term={<label htmlFor="severity">{t.severity}</label>}>
          <select id="severity" className="select-sm" value={severity ?? ''} onChange={({ target }) => setSeverity(target.value as Severity)}>
            {severity === null && <option value="">–</option>}
            {severities.map((value) => (
              <option key={value} value={value}>
                {t.severities[value]}
              </option>
            ))}
          </select>
        </Row>
        <Row term={t.category}>{texts.form.categories[ticket.category]}</Row>
        <Row term={t.created}>
          <Time iso={ticket.created_at} />
        </Row>
      </dl>
      <TagField conversation={conversation} actions={actions} />
    </Part>
  );
}

function ClocksPart({ conversation }: { conversation: DeskConversation }) {
  const { t, language } = useDesk();
  const now = useNow();
  const { sla } = conversation;
  const clocks = [
    [t.firstResponse, sla.first_response_due],
    [t.nextResponse, sla.next_response_due],
    [t.resolution, sla.resolution_due],
  ] as const;
  const running = clocks.flatMap(([term, due]) => (due ? [{ term, due }] : []));
  return (
    <Part title={t.clocks}>
      {running.length === 0 && <p className="text-sm text-ink-mute">{t.noClock}</p>}
      <dl>
        {running.map(({ term, due }) => {
          const left = Date.parse(due) - now;
          return (
            <Row key={term} term={term}>
              <span title={dateTime(due, language)} className={`tabular-nums ${left < 0 ? 'text-danger' : ''}`}>
                {fill(left < 0 ? t.overdue : t.left, { time: span(left, language) })}
              </span>
            </Row>
          );
        })}
      </dl>
      {sla.paused && <p className="mt-1 text-xs text-ink-mute">{t.clocksPaused}</p>}
    </Part>
  );
}

function PastPart({ conversation, address }: { conversation: DeskConversation; address: Address }) {
  const { t, language } = useDesk();
  const { data } = usePast(conversation.customer_id);
  const past = data?.items.filter((item) => item.conversation_id !== conversation.conversation_id) ?? [];
  return (
    <Part title={t.past}>
      {data && past.length === 0 && <p className="text-sm text-ink-mute">{t.pastNone}</p>}
      <ul id={PAST} className="space-y-0.5">
        {past.map(({ conversation_id: id, ticket, last_message_at: last }) => (
          <li key={id}>
            <Link href={address.hrefOf({ c: id })} shallow prefetch={false} className="-mx-2 block rounded-md px-2 py-1 hover:bg-sunken">
              <span className="block truncate text-sm font-medium">{ticket.subject}</span>
              <span className="block truncate text-xs text-ink-mute">
                {ticket.ticket_number} · {t.status[ticket.status]} · {day(last, language)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}
