import Link from 'next/link';
import { useSite } from '@/lib/i18n';
import { siteConfig } from '@/lib/site';
import { type NumbersAddress, useAgents, useFailures } from '@/lib/useNumbers';
import type { CauseName, NumberTexts } from '@/texts/numbers';
import { duration, shown, valueOf } from './figures';

interface BreakdownProps {
  address: NumbersAddress;
  t: NumberTexts;
}

function Download({ path, address, t }: BreakdownProps & { path: string }) {
  const csv = `${siteConfig().apiBase}${path}?${new URLSearchParams({ from: address.from, to: address.to, format: 'csv' })}`;
  return (
    <a href={csv} download className="link text-sm">
      {t.csvTable}
    </a>
  );
}

/** Replies that were not delivered, by cause. */
export function Failures({ address, t }: BreakdownProps) {
  const { data } = useFailures(address.from, address.to);
  if (!data) return null;
  const causes = data.causes.filter(({ deliveries }) => deliveries > 0);
  return (
    <section className="card px-4 py-3" aria-labelledby="failures" data-testid="failures">
      <div className="flex items-center justify-between gap-3">
        <h2 id="failures" className="text-base">
          {t.failures}
        </h2>
        <Download path="/staff/reports/failures" address={address} t={t} />
      </div>
      {causes.length === 0 && <p className="mt-2 text-sm text-ink-mute">{t.noFailures}</p>}
      <ul className="mt-2 grid gap-2 text-sm">
        {causes.map(({ cause, deliveries }) => (
          <li key={cause}>
            <Link href={address.hrefOf({ figure: `delivery_failures.${cause}` })} shallow scroll={false} prefetch={false} className="flex justify-between gap-3">
              <span className="link">{t.causes[cause as CauseName]}</span>
              <span className="tabular-nums">{deliveries}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

const columns = ['conversations', 'resolution.durable', 'resolution.reopened', 'csat', 'sentiment'] as const;

/** What each member of staff did; every number opens its conversations. */
export function Agents({ address, t }: BreakdownProps) {
  const { language } = useSite();
  const { data } = useAgents(address.from, address.to);
  if (!data || data.items.length === 0) return null;
  return (
    <section className="card overflow-x-auto px-4 py-3 lg:col-span-2" aria-labelledby="by-agent" data-testid="agents" tabIndex={0}>
      <div className="flex items-center justify-between gap-3">
        <h2 id="by-agent" className="text-base">
          {t.byAgent}
        </h2>
        <Download path="/staff/reports/agents" address={address} t={t} />
      </div>
      <p className="mt-1 text-sm text-ink-mute">{t.byAgentText}</p>
      <table className="mt-2 w-full text-sm tabular-nums">
        <thead className="text-xs text-ink-mute">
          <tr>
            <th scope="col" className="py-1 text-start font-medium">
              {t.agent}
            </th>
            {[t.replies, t.replyTime, ...columns.map((name) => t.figures[name])].map((name) => (
              <th key={name} scope="col" className="py-1 ps-4 text-end font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.items.map(({ agent, replies, reply_ms: time, total }) => {
            const open = (figure: string, text: string) => (
              <Link href={address.hrefOf({ figure, agent: agent.id })} shallow scroll={false} prefetch={false} className="link">
                {text}
              </Link>
            );
            return (
              <tr key={agent.id} className="border-t border-line">
                <th scope="row" className="py-1.5 text-start font-medium whitespace-nowrap">
                  {agent.name}
                </th>
                <td className="py-1.5 ps-4 text-end">{open('conversations', String(replies))}</td>
                <td className="py-1.5 ps-4 text-end whitespace-nowrap">{open('conversations', time.p50 == null ? t.none : duration(time.p50, language))}</td>
                {columns.map((name) => (
                  <td key={name} className="py-1.5 ps-4 text-end whitespace-nowrap">
                    {open(name, shown(name, valueOf(total, name), t, language))}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
