import Link from 'next/link';
import { useState } from 'react';
import { Empty } from '@/components/Empty';
import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { dateTime } from '@/lib/time';
import { type Author, type ReplyToReview, useSample } from '@/lib/useQuality';
import type { QualityTexts } from '@/texts/quality';
import { Scorecard } from './Scorecard';

const AUTHORS: Author[] = ['both', 'bot', 'staff'];
const DAYS = [7, 14, 30, 90];

/** A random reply and its scorecard, one after the other. */
export function Review({ t }: { t: QualityTexts }) {
  const { texts } = useSite();
  const [author, setAuthor] = useState<Author>('both');
  const [days, setDays] = useState(14);
  const [saved, setSaved] = useState('');
  const { query, next } = useSample(author, days);
  const reply = query.data;
  const done = (number: string | null) => {
    setSaved(number ? fill(t.saved, { number }) : '');
    next();
  };
  return (
    <section className="card p-5" aria-labelledby="review">
      <div className="flex flex-wrap items-end justify-between gap-3">
        <h2 id="review" className="text-base">
          {t.review}
        </h2>
        <div className="flex flex-wrap gap-3 text-sm">
          <label className="field-label">
            {t.from}
            <select className="field mt-1 py-2 text-sm" value={author} onChange={({ target }) => setAuthor(target.value as Author)}>
              {AUTHORS.map((name) => (
                <option key={name} value={name}>
                  {t.authors[name]}
                </option>
              ))}
            </select>
          </label>
          <label className="field-label">
            {t.days}
            <select className="field mt-1 py-2 text-sm" value={days} onChange={({ target }) => setDays(Number(target.value))}>
              {DAYS.map((n) => (
                <option key={n} value={n}>
                  {fill(t.nDays, { n })}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      <p role="status" className={saved ? 'mt-2 text-sm text-good' : 'sr-only'}>
        {saved}
      </p>
      {query.isError && <Notice kind="danger">{failureText(query.error, texts)}</Notice>}
      {query.isPending && <div className="skeleton mt-4 h-64" aria-busy="true" />}
      {reply === null && (
        <Empty icon="check" title={t.nothing.title}>
          {t.nothing.text}
        </Empty>
      )}
      {reply && (
        <div className="mt-4 grid items-start gap-6 lg:grid-cols-2">
          <Reply reply={reply} t={t} />
          <Scorecard key={reply.message_id} reply={reply} t={t} onDone={done} />
        </div>
      )}
    </section>
  );
}

function Reply({ reply, t }: { reply: ReplyToReview; t: QualityTexts }) {
  const { language } = useSite();
  const { question, text, sources, ticket_number: number } = reply;
  return (
    <div className="grid min-w-0 gap-4 text-sm" data-testid="reply-to-review">
      <div>
        <h3 className="panel-title text-ink-mute">{t.question}</h3>
        <p className="mt-1 break-words whitespace-pre-wrap">{question || <span className="text-ink-mute">{t.noQuestion}</span>}</p>
      </div>
      <div className="rounded-lg bg-sunken p-4">
        <h3 className="panel-title text-ink-mute">{t.reply}</h3>
        <p className="mt-1 break-words whitespace-pre-wrap" data-testid="reply-text">
          {text}
        </p>
        <p className="mt-2 text-xs text-ink-mute">{fill(t.written, { author: t.authors[reply.author], time: dateTime(reply.created_at, language) })}</p>
      </div>
      <div>
        <h3 className="panel-title text-ink-mute">{t.sources}</h3>
        {sources.length === 0 && <p className="mt-1 text-ink-mute">{t.noSources}</p>}
        <ul className="mt-1 grid gap-1">
          {sources.map(({ id, title }) => (
            <li key={id}>
              <a className="link break-words" href={`/help?id=${encodeURIComponent(id)}`} target="_blank" rel="noopener">
                {title}
              </a>
            </li>
          ))}
        </ul>
      </div>
      <Link className="link" prefetch={false} href={`/console?queue=all&c=${reply.conversation_id}`}>
        {fill(t.open, { number })}
      </Link>
    </div>
  );
}
