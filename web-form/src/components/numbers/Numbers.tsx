import Link from 'next/link';
import { useState } from 'react';
import { Empty } from '@/components/Empty';
import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { siteConfig } from '@/lib/site';
import { channels, daysBefore, type NumbersAddress, type Report, today, useNumbersAddress, useReport } from '@/lib/useNumbers';
import type { FigureName, NumberTexts, ReasonName } from '@/texts/numbers';
import { Agents, Failures } from './Breakdowns';
import { ConversationList } from './ConversationList';
import { DayChart } from './DayChart';
import { shown, valueOf } from './figures';

/** The report of a range of days: cards, a chart by day, a table by channel, and the list behind a number. */
export function Numbers({ t }: { t: NumberTexts }) {
  const address = useNumbersAddress();
  if (!address) return null;
  return <Loaded key={`${address.from} ${address.to}`} address={address} t={t} />;
}

function Loaded({ address, t }: { address: NumbersAddress; t: NumberTexts }) {
  const { texts } = useSite();
  const report = useReport(address.from, address.to);
  return (
    <>
      <Range address={address} t={t} />
      {report.isError && (
        <Notice
          kind="danger"
          action={
            <button type="button" className="btn btn-quiet" onClick={() => void report.refetch()}>
              {texts.common.retry}
            </button>
          }
        >
          {failureText(report.error, texts)}
        </Notice>
      )}
      {report.isPending && <div className="skeleton mt-6 h-96 rounded-xl" aria-busy="true" />}
      {report.data && <Sheet report={report.data} address={address} t={t} />}
    </>
  );
}

function Range({ address, t }: { address: NumbersAddress; t: NumberTexts }) {
  const [from, setFrom] = useState(address.from);
  const [to, setTo] = useState(address.to);
  const csv = `${siteConfig().apiBase}/staff/reports?${new URLSearchParams({ from: address.from, to: address.to, format: 'csv' })}`;
  return (
    <form
      className="mt-5 mb-6 flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        address.setRange(from, to);
      }}
    >
      <label className="field-label">
        {t.from}
        <input type="date" className="field mt-1" value={from} max={to} required onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label className="field-label">
        {t.to}
        <input type="date" className="field mt-1" value={to} min={from} required onChange={(event) => setTo(event.target.value)} />
      </label>
      <button type="submit" className="btn btn-primary">
        {t.show}
      </button>
      {[7, 30, 90].map((days) => (
        <button key={days} type="button" className="btn btn-quiet" onClick={() => address.setRange(daysBefore(today(), days), today())}>
          {fill(t.days, { n: days })}
        </button>
      ))}
      <a href={csv} download className="btn btn-quiet sm:ms-auto">
        {t.csv}
      </a>
    </form>
  );
}

function Sheet({ report, address, t }: { report: Report; address: NumbersAddress; t: NumberTexts }) {
  if (report.total.conversations === 0) {
    return (
      <Empty icon="search" title={t.emptyTitle}>
        {t.emptyText}
      </Empty>
    );
  }
  return (
    <div className="grid gap-6">
      <Cards report={report} address={address} t={t} />
      {address.selection && <ConversationList key={JSON.stringify(address.selection)} address={address} t={t} />}
      <DayChart report={report} address={address} t={t} />
      <div className="grid items-start gap-6 lg:grid-cols-3">
        <ChannelTable report={report} address={address} t={t} />
        <Reasons report={report} address={address} t={t} />
        <Agents address={address} t={t} />
        <Failures address={address} t={t} />
      </div>
      <p>
        <Link href="/console/quality" prefetch={false} className="link">
          {t.quality}
        </Link>
      </p>
    </div>
  );
}

const names = (t: NumberTexts) => Object.keys(t.figures) as FigureName[];

function Cards({ report, address, t }: { report: Report; address: NumbersAddress; t: NumberTexts }) {
  const { language } = useSite();
  return (
    <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-5">
      {names(t).map((name) => (
        <li key={name}>
          <Link
            href={address.hrefOf({ figure: name })}
            shallow
            scroll={false}
            prefetch={false}
            data-testid="figure"
            data-figure={name}
            aria-current={address.selection?.figure === name ? 'true' : undefined}
            className="card block h-full px-4 py-3 hover:border-line-strong aria-[current]:border-line-strong"
          >
            <span className="block text-sm text-ink-mute">{t.figures[name]}</span>
            <span className="block text-2xl font-semibold tabular-nums">{shown(name, valueOf(report.total, name), t, language)}</span>
            {name === 'csat' && <span className="block text-xs text-ink-mute">{plural(t.ratings, report.total.csat.count, language)}</span>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const columns = ['conversations', 'resolution.autonomous', 'resolution.handed_off', 'resolution.durable', 'answer_ms.p50', 'csat', 'cost_micros'] as const;

function ChannelTable({ report, address, t }: { report: Report; address: NumbersAddress; t: NumberTexts }) {
  const { language } = useSite();
  return (
    <section className="card overflow-x-auto px-4 py-3 lg:col-span-2" aria-labelledby="by-channel" tabIndex={0}>
      <h2 id="by-channel" className="text-base">
        {t.byChannel}
      </h2>
      <table className="mt-2 w-full text-sm tabular-nums">
        <thead className="text-xs text-ink-mute">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {t.channel}
            </th>
            {columns.map((name) => (
              <th key={name} scope="col" className="py-1 ps-4 text-end font-medium">
                {t.figures[name]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {channels.map((channel) => (
            <tr key={channel} className="border-t border-line">
              <th scope="row" className="py-1.5 text-start font-medium whitespace-nowrap">
                {t.channels[channel]}
              </th>
              {columns.map((name) => (
                <td key={name} className="py-1.5 ps-4 text-end whitespace-nowrap">
                  <Link href={address.hrefOf({ figure: name, channel })} shallow scroll={false} prefetch={false} className="link">
                    {shown(name, valueOf(report.channels[channel], name), t, language)}
                  </Link>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Reasons({ report, address, t }: { report: Report; address: NumbersAddress; t: NumberTexts }) {
  const reasons = Object.entries(report.total.resolution.handed_off).sort(([, one], [, other]) => other - one);
  const longest = Math.max(1, ...reasons.map(([, count]) => count));
  if (reasons.length === 0) return null;
  return (
    <section className="card px-4 py-3" aria-labelledby="by-reason">
      <h2 id="by-reason" className="text-base">
        {t.byReason}
      </h2>
      <ul className="mt-2 grid gap-2 text-sm">
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            <Link href={address.hrefOf({ figure: `resolution.handed_off.${reason}` })} shallow scroll={false} prefetch={false} className="block">
              <span className="flex justify-between gap-3">
                <span className="link">{t.reasons[reason as ReasonName]}</span>
                <span className="tabular-nums">{count}</span>
              </span>
              <svg viewBox="0 0 100 2" preserveAspectRatio="none" className="mt-1 h-1.5 w-full text-accent" aria-hidden="true">
                <rect width={(100 * count) / longest} height="2" fill="currentColor" />
              </svg>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
