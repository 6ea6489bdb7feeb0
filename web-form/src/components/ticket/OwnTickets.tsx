import Link from 'next/link';
import { useState } from 'react';
import { Notice } from '@/components/Notice';
import { Time } from '@/components/Time';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useForget, useIdentity, useOwnTickets } from '@/lib/useProof';
import { proofTexts } from '@/texts/proof';
import { ProofForm } from './ProofForm';
import { StatusPill } from './StatusPill';

/** All tickets of the customer, once the address is confirmed; nothing where that is not possible. Loaded after the page. */
export default function OwnTickets({ ticket }: { ticket?: string }) {
  const { language } = useSite();
  const t = proofTexts(language);
  const identity = useIdentity();
  const [isStarted, setStarted] = useState(false);
  if (!identity.data || (!identity.data.offered && !identity.data.email)) return null;
  const { email } = identity.data;
  return (
    <section aria-labelledby="own-tickets" className="no-print">
      <h2 id="own-tickets" className="mb-3 text-sm">
        {t.title}
      </h2>
      {email && <Confirmed email={email} ticket={ticket} />}
      {!email && isStarted && <ProofForm ticket={ticket} />}
      {!email && !isStarted && (
        <>
          <p className="mb-3 text-sm text-ink-soft">{t.lead}</p>
          <button type="button" className="btn btn-quiet w-full" onClick={() => setStarted(true)}>
            {t.start}
          </button>
        </>
      )}
    </section>
  );
}

function Confirmed({ email, ticket }: { email: string; ticket?: string }) {
  const { texts, language } = useSite();
  const t = proofTexts(language);
  const own = useOwnTickets();
  const forget = useForget();
  const tickets = own.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <p role="status" className="mb-3 text-sm text-ink-soft wrap-anywhere">
        {fill(t.confirmed, { email })}
      </p>
      {own.isError && <Notice kind="danger">{failureText(own.error, texts)}</Notice>}
      {own.isSuccess && tickets.length === 0 && <p className="text-sm">{t.empty}</p>}
      {tickets.length > 0 && (
        <ul data-testid="own-tickets" className="card divide-y divide-line overflow-hidden">
          {tickets.map((line) => (
            <li key={line.ticket_id}>
              <Link
                href={`/ticket?id=${encodeURIComponent(line.ticket_id)}`}
                prefetch={false}
                aria-current={line.ticket_id === ticket ? 'page' : undefined}
                className="block px-4 py-3 hover:bg-sunken"
              >
                <span className="block truncate font-semibold">{line.subject}</span>
                <span className="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-mute">
                  {line.ticket_id === ticket ? t.current : line.ticket_number} · <Time iso={line.updated_at} />
                  <StatusPill status={line.status} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-3 grid gap-2">
        {own.hasNextPage && (
          <button type="button" className="btn btn-quiet w-full" onClick={() => void own.fetchNextPage()}>
            {t.more}
          </button>
        )}
        <button type="button" className="btn btn-quiet w-full" disabled={forget.isPending} onClick={() => forget.mutate()}>
          {t.forget}
        </button>
      </div>
      {forget.isError && <Notice kind="danger">{failureText(forget.error, texts)}</Notice>}
    </>
  );
}
