import { useState } from 'react';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import type { Rating } from '@/lib/api/types';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useRating } from '@/lib/useTicket';

const SCORES = [1, 2, 3, 4, 5];
const COMMENT_MAX = 1000;

/** One to five stars with a comment; a rating can be changed. */
export function RatingForm({ id, rating }: { id: string; rating: Rating | null }) {
  const { texts, language } = useSite();
  const t = texts.ticket;
  const [score, setScore] = useState<number>(0);
  const [comment, setComment] = useState('');
  const [isEditing, setEditing] = useState(false);
  const rate = useRating(id);

  if (rating && !isEditing) {
    return (
      <div>
        <p className="text-sm font-medium text-good" role="status">
          {t.rateSaved}
        </p>
        <div className="mt-2 flex items-center gap-1 text-accent" role="img" aria-label={plural(t.rateScore, rating.score, language)}>
          {SCORES.map((n) => (
            <Icon key={n} name="star" size={20} filled={n <= rating.score} />
          ))}
        </div>
        {rating.comment && <p className="mt-2 text-sm whitespace-pre-wrap text-ink-soft">{rating.comment}</p>}
        <button
          type="button"
          className="btn btn-plain no-print -ms-2 mt-1"
          onClick={() => {
            setScore(rating.score);
            setComment(rating.comment ?? '');
            setEditing(true);
          }}
        >
          {t.rateChange}
        </button>
      </div>
    );
  }

  const save = () => {
    const text = comment.trim();
    const body = { score, ...(text ? { comment: text } : {}) };
    rate.mutate(body, { onSuccess: () => setEditing(false) });
  };
  const isTooEarly = rate.error instanceof ApiError && rate.error.code === 'not_answered';

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (score > 0 && !rate.isPending) save();
      }}
    >
      <fieldset>
        <legend className="text-sm font-semibold">{t.rate}</legend>
        <div className="mt-2 -ms-1.5 flex">
          {SCORES.map((n) => (
            <label
              key={n}
              className={`relative rounded-md p-1.5 transition-colors has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-focus ${
                n <= score ? 'text-accent' : 'text-line-strong hover:text-accent'
              }`}
            >
              <input
                type="radio"
                name="score"
                value={n}
                checked={score === n}
                onChange={() => setScore(n)}
                className="sr-only"
              />
              <span className="sr-only">{plural(t.rateScore, n, language)}</span>
              <Icon name="star" size={26} filled={n <= score} />
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <div className="enter mt-3">
          <label htmlFor="rating-comment" className="field-label">
            {t.rateComment} <span className="font-normal text-ink-mute">({texts.common.optional})</span>
          </label>
          <textarea
            id="rating-comment"
            rows={3}
            maxLength={COMMENT_MAX}
            value={comment}
            className="field"
            onChange={(event) => setComment(event.target.value)}
          />
          <button type="submit" className="btn btn-primary mt-3 w-full" aria-disabled={rate.isPending}>
            {t.rateSend}
          </button>
        </div>
      )}
      {rate.isError && (
        <div className="mt-3">
          <Notice kind="danger">{isTooEarly ? t.rateNotYet : t.rateFailed}</Notice>
        </div>
      )}
    </form>
  );
}
