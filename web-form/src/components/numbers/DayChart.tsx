import Link from 'next/link';
import { useRouter } from 'next/router';
import { useSite } from '@/lib/i18n';
import type { NumbersAddress, Report } from '@/lib/useNumbers';
import type { NumberTexts } from '@/texts/numbers';

const HEIGHT = 120;
const WIDTH = 720;

/** Conversations by day, those without people below those with; the same as a table for whoever does not use a pointer. */
export function DayChart({ report, address, t }: { report: Report; address: NumbersAddress; t: NumberTexts }) {
  const router = useRouter();
  const { language } = useSite();
  const { days } = report;
  const highest = Math.max(1, ...days.map(({ total }) => total.conversations));
  const width = WIDTH / days.length;
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const name = (date: string) => format.format(new Date(date));
  const open = (day: string) => void router.push(address.hrefOf({ figure: 'conversations', day }), undefined, { shallow: true, scroll: false });
  return (
    <section className="card px-4 py-3" aria-labelledby="by-day">
      <h2 id="by-day" className="text-base">
        {t.byDay}
      </h2>
      <p className="mt-1 flex gap-4 text-xs text-ink-mute" aria-hidden="true">
        <span>
          <span className="me-1.5 inline-block size-2.5 rounded-sm bg-accent" />
          {t.figures['resolution.autonomous']}
        </span>
        <span>
          <span className="me-1.5 inline-block size-2.5 rounded-sm bg-warn" />
          {t.withPeople}
        </span>
      </p>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" className="mt-2 h-32 w-full" aria-hidden="true" data-testid="day-chart">
        {days.map(({ date, total }, place) => {
          const high = (count: number) => (count * HEIGHT) / highest;
          const [all, bot] = [high(total.conversations), high(total.resolution.autonomous)];
          const bar = { x: place * width + width * 0.12, width: width * 0.76 };
          return (
            <g key={date} className="cursor-pointer" onClick={() => open(date)}>
              <title>{`${name(date)}: ${total.conversations}`}</title>
              <rect x={place * width} width={width} height={HEIGHT} fill="transparent" />
              <rect {...bar} y={HEIGHT - all} height={all - bot} className="fill-warn" />
              <rect {...bar} y={HEIGHT - bot} height={bot} className="fill-accent" />
            </g>
          );
        })}
      </svg>
      <p className="flex justify-between text-xs text-ink-mute" aria-hidden="true">
        <span>{name(report.from)}</span>
        <span>{name(report.to)}</span>
      </p>
      <details className="mt-2 text-sm">
        <summary className="cursor-pointer text-ink-soft">{t.dayTable}</summary>
        <table className="mt-2 tabular-nums">
          <thead className="text-xs text-ink-mute">
            <tr>
              <th scope="col" className="text-start font-medium">
                {t.day}
              </th>
              <th scope="col" className="ps-6 text-end font-medium">
                {t.figures.conversations}
              </th>
              <th scope="col" className="ps-6 text-end font-medium">
                {t.figures['resolution.autonomous']}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ date, total }) => (
              <tr key={date}>
                <th scope="row" className="text-start font-normal">
                  {name(date)}
                </th>
                <td className="ps-6 text-end">
                  <Link href={address.hrefOf({ figure: 'conversations', day: date })} shallow scroll={false} prefetch={false} className="link">
                    {total.conversations}
                  </Link>
                </td>
                <td className="ps-6 text-end">
                  <Link href={address.hrefOf({ figure: 'resolution.autonomous', day: date })} shallow scroll={false} prefetch={false} className="link">
                    {total.resolution.autonomous}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
