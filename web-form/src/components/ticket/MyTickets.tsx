import dynamic from 'next/dynamic';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { Announcer } from '@/components/Announcer';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Time } from '@/components/Time';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { forget, forgetAll, myTickets, type MyTicket } from '@/lib/mine';

const OwnTickets = dynamic(() => import('./OwnTickets'), { ssr: false });
const ConfirmDialog = dynamic(() => import('@/components/ConfirmDialog'), { ssr: false });

/** The tickets that this device remembers, each of which can be forgotten. */
export function MyTickets() {
  const { texts } = useSite();
  const t = texts.mine;
  const [tickets, setTickets] = useState<MyTicket[] | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => setTickets(myTickets()), []);

  if (tickets === null) return <div className="page h-64" />;
  if (tickets.length === 0) {
    const ask = (
      <Link href="/" prefetch={false} className="btn btn-primary">
        {texts.common.toStart}
      </Link>
    );
    return (
      <>
        <Announcer text={said} />
        <Empty icon="ticket" title={t.emptyTitle} action={ask} level={1}>
          {t.emptyText}
        </Empty>
        <div className="page max-w-[32rem]">
          <OwnTickets />
        </div>
      </>
    );
  }

  return (
    <div className="page max-w-[48rem] pt-8 sm:pt-14">
      <Announcer text={said} />
      <div className="flex flex-wrap items-end justify-between gap-4">
        <div className="max-w-lg">
          <h1 className="text-2xl sm:text-3xl">{t.title}</h1>
          <p className="mt-2 text-ink-soft">{t.text}</p>
        </div>
        <button type="button" className="btn btn-danger" onClick={() => setAsking(true)}>
          <Icon name="trash" size={16} />
          {t.forgetAll}
        </button>
      </div>
      <ul className="card mt-8 divide-y divide-line overflow-hidden">
        {tickets.map(({ id, number, subject, seen }) => (
          <li key={id} className="flex items-center gap-2 pe-3 hover:bg-sunken">
            <Link href={`/ticket?id=${encodeURIComponent(id)}`} prefetch={false} className="min-w-0 flex-1 px-5 py-4">
              <span className="block truncate font-semibold">{subject}</span>
              <span className="mt-0.5 flex gap-2 text-sm text-ink-mute">
                {number} · <Time iso={seen} />
              </span>
            </Link>
            <button
              type="button"
              className="icon-btn"
              aria-label={fill(t.forget, { number })}
              onClick={() => {
                forget(id);
                setTickets(myTickets());
                setSaid(fill(t.forgot, { number }));
              }}
            >
              <Icon name="close" size={16} />
            </button>
          </li>
        ))}
      </ul>
      <div className="mt-10 max-w-md">
        <OwnTickets />
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t.forgetAll}
          text={t.forgetAllText}
          confirm={t.forgetAllConfirm}
          isDanger
          onConfirm={() => {
            forgetAll();
            setTickets([]);
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}
