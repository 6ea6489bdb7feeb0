import Link from 'next/link';
import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { siteConfig } from '@/lib/site';
import { dateTime } from '@/lib/time';
import { questions, resultRange, type ScoreSummary, useResults, useReviews } from '@/lib/useQuality';
import type { QualityTexts } from '@/texts/quality';

/** What the scorecards say, by week, and the scorecards themselves; each opens its conversation. */
export function Results({ t }: { t: QualityTexts }) {
  const { texts, language } = useSite();
  const results = useResults();
  const csv = (path: string) => `${siteConfig().apiBase}${path}?${new URLSearchParams({ ...resultRange(), format: 'csv' })}`;
  const weekday = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return (
    <>
      <section className="card overflow-x-auto px-4 py-3" aria-labelledby="results" tabIndex={0}>
        <h2 id="results" className="text-base">
          {t.results}
        </h2>
        <p className="mt-1 text-sm text-ink-mute">{t.resultsText}</p>
        {results.isError && <Notice kind="danger">{failureText(results.error, texts)}</Notice>}
        {results.data && (
          <table className="mt-3 w-full text-sm tabular-nums" data-testid="quality-results">
            <thead className="text-xs text-ink-mute">
              <tr>
                {[t.week, t.author].map((name) => (
                  <th key={name} scope="col" className="py-1 pe-4 text-start font-medium">
                    {name}
                  </th>
                ))}
                {[t.reviews, ...questions.map((name) => t.short[name])].map((name) => (
                  <th key={name} scope="col" className="py-1 ps-4 text-end font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Rows week={t.total} of={results.data.total} t={t} />
              {results.data.weeks.map((week) => (
                <Rows key={week.week} week={weekday.format(new Date(week.week))} of={week} t={t} />
              ))}
            </tbody>
          </table>
        )}
        <p className="mt-3 flex flex-wrap gap-2">
          <a href={csv('/staff/quality')} download className="btn btn-quiet">
            {t.csv}
          </a>
          <a href={csv('/staff/quality/reviews')} download className="btn btn-quiet">
            {t.csvList}
          </a>
        </p>
      </section>
      <Reviews t={t} />
    </>
  );
}

function Rows({ week, of, t }: { week: string; of: { bot: ScoreSummary; staff: ScoreSummary }; t: QualityTexts }) {
  const { language } = useSite();
  const format = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <>
      {(['bot', 'staff'] as const).map((author) => (
        <tr key={author} className="border-t border-line">
          <th scope="row" className="py-1.5 pe-4 text-start font-medium whitespace-nowrap">
            {week}
          </th>
          <td className="py-1.5 pe-4">{t.authors[author]}</td>
          <td className="py-1.5 ps-4 text-end">{of[author].reviews}</td>
          {questions.map((name) => {
            const { avg, count } = of[author][name];
            return (
              <td key={name} className="py-1.5 ps-4 text-end whitespace-nowrap">
                {avg == null ? t.none : `${format.format(avg)} (${count})`}
              </td>
            );
          })}
        </tr>
      ))}
    </>
  );
}

function Reviews({ t }: { t: QualityTexts }) {
  const { texts, language } = useSite();
  const list = useReviews();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card px-4 py-3" aria-labelledby="reviews">
      <h2 id="reviews" className="text-base">
        {t.list}
      </h2>
      {list.isError && <Notice kind="danger">{failureText(list.error, texts)}</Notice>}
      {list.data && items.length === 0 && <p className="mt-2 text-sm text-ink-mute">{t.noResults}</p>}
      <ul className="mt-2 divide-y divide-line text-sm" data-testid="reviews">
        {items.map((review) => (
          <li key={review.id} className="py-2">
            <p className="flex flex-wrap gap-x-3 gap-y-1">
              <Link className="link tabular-nums" prefetch={false} href={`/console?queue=all&c=${review.conversation_id}`}>
                {review.ticket_number}
              </Link>
              <span>{t.authors[review.author]}</span>
              {questions.map((name) => (
                <span key={name}>
                  {t.short[name]}: {review[name] ?? t.none}
                </span>
              ))}
            </p>
            {review.comment && <p className="mt-1 break-words whitespace-pre-wrap">{review.comment}</p>}
            <p className="mt-1 truncate text-ink-mute">{review.preview}</p>
            <p className="text-xs text-ink-mute">{`${fill(t.by, { name: review.reviewer.name })} · ${dateTime(review.reviewed_at, language)}`}</p>
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <button type="button" className="btn btn-quiet mt-2" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t.more}
        </button>
      )}
    </section>
  );
}
