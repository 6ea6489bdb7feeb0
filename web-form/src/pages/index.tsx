import Head from 'next/head';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { Sent } from '@/components/form/Sent';
import { SupportForm } from '@/components/form/SupportForm';
import { Icon } from '@/components/Icon';
import { Shell } from '@/components/Shell';
import type { SubmissionReceipt } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import { myTickets, type MyTicket } from '@/lib/mine';
import { isEmbedded } from '@/lib/prefill';
import { reportHeight } from '@/lib/frame';

/** The support form, as a page or, with `?embed=1`, inside a page of the company. */
export default function SupportPage() {
  const { texts } = useSite();
  const [embedded, setEmbedded] = useState(false);
  useEffect(() => {
    setEmbedded(isEmbedded());
  }, []);
  if (embedded) return <Embedded />;

  const t = texts.form;
  return (
    <Shell title={t.title}>
      <div className="page pt-8 sm:pt-14">
        <h1 className="text-2xl sm:text-3xl">{t.title}</h1>
        <p className="mt-3 max-w-xl text-ink-soft sm:text-lg">{t.lead}</p>
        <div className="mt-8 grid gap-8 lg:grid-cols-[minmax(0,1fr)_20rem] lg:gap-12">
          <div className="card p-5 sm:p-8">
            <FormOrReceipt />
          </div>
          <Aside />
        </div>
      </div>
    </Shell>
  );
}

function FormOrReceipt() {
  const [receipt, setReceipt] = useState<SubmissionReceipt | null>(null);
  if (receipt) return <Sent receipt={receipt} onAnother={() => setReceipt(null)} />;
  return <SupportForm onSent={setReceipt} />;
}

function Embedded() {
  const { texts, brand } = useSite();
  useEffect(reportHeight, []);
  return (
    <>
      <Head>
        <title>{`${texts.form.title} · ${brand}`}</title>
      </Head>
      <main id="content" className="p-4 sm:p-5">
        <h1 className="mb-5 text-xl">{texts.form.title}</h1>
        <FormOrReceipt />
      </main>
    </>
  );
}

function Aside() {
  const { texts } = useSite();
  const t = texts.form;
  const [tickets, setTickets] = useState<MyTicket[]>([]);
  useEffect(() => setTickets(myTickets().slice(0, 4)), []);

  return (
    <aside className="space-y-8 lg:pt-2">
      {tickets.length > 0 && (
        <section aria-labelledby="recent">
          <h2 id="recent" className="text-sm">
            {t.recent}
          </h2>
          <ul className="mt-2 divide-y divide-line border-y border-line">
            {tickets.map(({ id, number, subject }) => (
              <li key={id}>
                <Link href={`/ticket?id=${id}`} prefetch={false} className="flex min-h-11 items-center gap-3 py-2 text-sm">
                  <span className="font-medium text-ink-mute">{number}</span>
                  <span className="truncate font-medium hover:underline">{subject}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="how">
        <h2 id="how" className="text-sm">
          {t.how}
        </h2>
        <ol className="mt-4 space-y-4">
          {[t.how1, t.how2, t.how3].map((step, n) => (
            <li key={n} className="flex gap-3 text-sm text-ink-soft">
              <span className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text">
                {n + 1}
              </span>
              {step}
            </li>
          ))}
        </ol>
      </section>
      <section aria-labelledby="self" className="rounded-xl border border-line bg-surface p-5">
        <span className="text-accent-text">
          <Icon name="book" size={22} />
        </span>
        <h2 id="self" className="mt-3 text-sm">
          {t.side}
        </h2>
        <p className="mt-1 text-sm text-ink-mute">{t.sideText}</p>
        <Link href="/help" prefetch={false} className="link mt-3 inline-flex min-h-9 items-center text-sm">
          {t.sideLink}
        </Link>
      </section>
    </aside>
  );
}
