import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { CopyButton } from '@/components/CopyButton';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { Time } from '@/components/Time';
import { ApiError } from '@/lib/api/client';
import type { HandOver, TicketPage } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useLive } from '@/lib/live';
import { remember } from '@/lib/mine';
import { day, fullTime } from '@/lib/time';
import { isAnswered, useFollowUp, useRefresh, useTicket } from '@/lib/useTicket';
import { Composer } from './Composer';
import { ConnectionLine } from './ConnectionLine';
import { Conversation } from './Conversation';
import { PersonButton, PersonPromise } from './PersonButton';
import { RatingForm } from './RatingForm';
import { StatusPill } from './StatusPill';
import { Timeline } from './Timeline';

const LockedTicket = dynamic(() => import('./LockedTicket'), { ssr: false });
const OwnTickets = dynamic(() => import('./OwnTickets'), { ssr: false });

/** One ticket: its conversation beside its progress and what can be done with it. */
export function TicketView({ id }: { id: string }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const query = useTicket(id);
  const ticket = query.data;

  useEffect(() => {
    if (!ticket) return;
    const { ticket_id, ticket_number: number, subject } = ticket;
    remember({ id: ticket_id, number, subject, seen: new Date().toISOString() });
  }, [ticket?.ticket_id, ticket?.ticket_number, ticket?.subject]);

  const isLocked = query.error instanceof ApiError && query.error.code === 'proof_required';
  if (isLocked) return <LockedTicket id={id} />;
  if (ticket) return <Loaded ticket={ticket} />;
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <Gone isExpired={query.error.code === 'ticket_expired'} />;
  }
  if (query.isError) {
    return (
      <div className="page max-w-[48rem] pt-14">
        <Notice
          kind="danger"
          title={t.failedTitle}
          action={
            <button type="button" className="btn btn-quiet" onClick={() => void query.refetch()}>
              {texts.common.retry}
            </button>
          }
        >
          {failureText(query.error, texts)}
        </Notice>
      </div>
    );
  }
  return <TicketSkeleton />;
}

function Loaded({ ticket }: { ticket: TicketPage }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const refresh = useRefresh(ticket.ticket_id);
  const connection = useLive(ticket.ticket_id, () => void refresh());
  const followUp = useFollowUp(ticket.ticket_id);
  const [handOver, setHandOver] = useState<HandOver | null>(null);
  const isClosed = ticket.status === 'closed';
  const isWithTeam = ticket.status === 'escalated' || ticket.status === 'in_progress';
  const pending = followUp.isPending ? followUp.variables : null;

  return (
    <div className="page pt-6 sm:pt-10">
      <TicketHead ticket={ticket} />
      <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-12">
        <div className="min-w-0">
          <Conversation ticket={ticket} pending={pending} />
          {isClosed ? (
            <Closed ticket={ticket} />
          ) : (
            <>
              {ticket.status === 'escalated' && handOver && (
                <div className="mt-8">
                  <PersonPromise expectedBy={handOver.expected_by} />
                </div>
              )}
              {ticket.status === 'resolved' && <Resolved ticket={ticket} />}
              <Composer
                id={ticket.ticket_id}
                label={ticket.status === 'resolved' ? t.replyReopen : t.reply}
                followUp={followUp}
              >
                {!isWithTeam && <PersonButton id={ticket.ticket_id} onHandedOver={setHandOver} />}
              </Composer>
            </>
          )}
          <div className="mt-4">{!isClosed && <ConnectionLine connection={connection} />}</div>
        </div>
        <Side ticket={ticket} />
      </div>
    </div>
  );
}

function TicketHead({ ticket }: { ticket: TicketPage }) {
  const { texts, language, brand } = useSite();
  const t = texts.ticket;
  const [printedAt, setPrintedAt] = useState('');
  useEffect(() => {
    const now = () => setPrintedAt(fullTime(new Date().toISOString(), language));
    window.addEventListener('beforeprint', now);
    return () => window.removeEventListener('beforeprint', now);
  }, [language]);

  return (
    <div className="border-b border-line pb-6">
      <p className="print-only hidden text-sm">
        {fill(texts.common.team, { company: brand })} · {fill(t.printed, { time: printedAt })}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-sm font-medium text-ink-mute">{fill(t.title, { number: ticket.ticket_number })}</span>
        <StatusPill status={ticket.status} />
      </div>
      <h1 className="mt-2 text-2xl wrap-anywhere">{ticket.subject}</h1>
      <p role="status" className="mt-2 text-sm text-ink-soft">
        {t.statusText[ticket.status]}
      </p>
    </div>
  );
}

function Side({ ticket }: { ticket: TicketPage }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const url = typeof window === 'undefined' ? '' : new URL(`/ticket?id=${ticket.ticket_id}`, window.location.href).href;
  const details = [
    [t.category, texts.form.categories[ticket.category]],
    [t.priority, texts.form.priorities[ticket.priority]],
  ] as const;
  return (
    <aside className="space-y-8">
      <section aria-labelledby="timeline">
        <h2 id="timeline" className="mb-4 text-sm">
          {t.timeline}
        </h2>
        <Timeline ticket={ticket} />
      </section>
      {isAnswered(ticket.messages) && (
        <section aria-label={t.rate} className="rounded-xl border border-line bg-surface p-5">
          <RatingForm id={ticket.ticket_id} rating={ticket.rating} />
        </section>
      )}
      <section aria-labelledby="actions" className="no-print">
        <h2 id="actions" className="mb-3 text-sm">
          {t.actions}
        </h2>
        <div className="grid gap-2">
          <CopyButton text={url} label={t.copyLink} look="btn btn-quiet w-full" />
          <button type="button" className="btn btn-quiet w-full" onClick={() => window.print()}>
            <Icon name="print" size={17} />
            {t.print}
          </button>
        </div>
      </section>
      <OwnTickets ticket={ticket.ticket_id} />
      <section aria-labelledby="details">
        <h2 id="details" className="mb-2 text-sm">
          {t.details}
        </h2>
        <dl className="divide-y divide-line border-y border-line text-sm">
          {details.map(([term, value]) => (
            <div key={term} className="flex justify-between gap-4 py-2.5">
              <dt className="text-ink-mute">{term}</dt>
              <dd className="text-end font-medium">{value}</dd>
            </div>
          ))}
          <div className="flex justify-between gap-4 py-2.5">
            <dt className="text-ink-mute">{t.created}</dt>
            <dd className="text-end font-medium">
              <Time iso={ticket.created_at} />
            </dd>
          </div>
        </dl>
      </section>
    </aside>
  );
}

function Resolved({ ticket }: { ticket: TicketPage }) {
  const { texts, language, config } = useSite();
  const t = texts.ticket;
  const until = ticket.resolved_at ? new Date(Date.parse(ticket.resolved_at) + config.reopenDays * 86_400_000) : null;
  const text = until ? fill(t.resolvedUntil, { date: day(until, language) }) : t.resolvedPast;
  return (
    <div className="no-print mt-8">
      <Notice kind="good">{text}</Notice>
    </div>
  );
}

function Closed({ ticket }: { ticket: TicketPage }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const merged = ticket.continues_as;
  if (merged) {
    return (
      <div className="no-print mt-8" data-testid="merged">
        <Notice kind="info" title={fill(t.mergedTitle, { number: merged })}>
          {fill(t.mergedText, { number: merged })}
        </Notice>
      </div>
    );
  }
  const subject = encodeURIComponent(`${ticket.ticket_number}: ${ticket.subject}`.slice(0, 200));
  return (
    <div className="no-print mt-8">
      <Notice
        kind="warn"
        title={t.closedTitle}
        action={
          <Link href={`/?subject=${subject}`} prefetch={false} className="btn btn-primary">
            {t.closedNew}
          </Link>
        }
      >
        {fill(t.closedText, { number: ticket.ticket_number })}
      </Notice>
    </div>
  );
}

function Gone({ isExpired }: { isExpired: boolean }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const actions = (
    <>
      <Link href="/ticket" prefetch={false} className={`btn ${isExpired ? 'btn-quiet' : 'btn-primary'}`}>
        {texts.common.tickets}
      </Link>
      <Link href="/" prefetch={false} className={`btn ${isExpired ? 'btn-primary order-first' : 'btn-quiet'}`}>
        {texts.common.toStart}
      </Link>
    </>
  );
  return (
    <Empty icon="ticket" title={isExpired ? t.expiredTitle : t.goneTitle} action={actions} level={1}>
      {isExpired ? t.expiredText : t.goneText}
    </Empty>
  );
}

/** The shape of a ticket while it loads, so that nothing moves when it arrives. */
export function TicketSkeleton() {
  const { texts } = useSite();
  return (
    <div className="page pt-6 sm:pt-10" aria-busy="true">
      <p className="sr-only" role="status">
        {texts.common.loading}
      </p>
      <div aria-hidden="true">
        <div className="border-b border-line pb-6">
          <div className="skeleton h-6 w-48" />
          <div className="skeleton mt-2 h-9 w-3/4 max-w-lg" />
          <div className="skeleton mt-2 h-5 w-80 max-w-full" />
        </div>
        <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-12">
          <div className="space-y-6">
            <div className="skeleton ms-auto h-20 w-2/3 rounded-xl" />
            <div className="skeleton h-48 w-4/5 rounded-xl" />
          </div>
          <div className="skeleton h-56 rounded-xl max-lg:hidden" />
        </div>
      </div>
    </div>
  );
}
