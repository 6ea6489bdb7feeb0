import { type FormEvent, useState } from 'react';
import { ApiError } from '@/lib/api/client';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { type Question, questions, type ReplyToReview, useSaveReview } from '@/lib/useQuality';
import type { QualityTexts } from '@/texts/quality';

type Score = 0 | 1 | 2 | null;
const SCORES: Score[] = [2, 1, 0, null];

interface ScorecardProps {
  reply: ReplyToReview;
  t: QualityTexts;
  /** With the number of the ticket whose scorecard was saved, null where the reply was skipped. */
  onDone: (saved: string | null) => void;
}

/** Four questions and a comment. */
export function Scorecard({ reply, t, onDone }: ScorecardProps) {
  const { texts } = useSite();
  const save = useSaveReview();
  const [scores, setScores] = useState<Partial<Record<Question, Score>>>({});
  const [comment, setComment] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    if (questions.every((name) => scores[name] == null)) return setError(t.unanswered);
    setSaving(true);
    try {
      await save({ message_id: reply.message_id, ...scores, comment: comment.trim() || undefined });
      onDone(reply.ticket_number);
    } catch (failure) {
      const isOwn = failure instanceof ApiError && failure.code === 'own_reply';
      setError(isOwn ? t.own : failureText(failure, texts));
      setSaving(false);
    }
  };

  return (
    <form className="grid gap-4" onSubmit={(event) => void submit(event)}>
      {questions.map((name) => (
        <fieldset key={name}>
          <legend className="field-label">{t.questions[name]}</legend>
          <div className="mt-2 flex flex-wrap gap-2">
            {SCORES.map((score) => (
              <label key={String(score)} className="choice">
                <input
                  type="radio"
                  className="sr-only"
                  name={name}
                  checked={scores[name] === score}
                  onChange={() => setScores({ ...scores, [name]: score })}
                />
                {t.scores[score === null ? 'none' : (String(score) as '0' | '1' | '2')]}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <label className="field-label">
        {t.comment}
        <textarea
          className="field text-sm"
          rows={3}
          maxLength={2000}
          aria-describedby="comment-note"
          value={comment}
          onChange={({ target }) => setComment(target.value)}
        />
      </label>
      <p id="comment-note" className="-mt-3 text-xs text-ink-mute">
        {t.commentNote}
      </p>
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={() => onDone(null)}>
          {t.skip}
        </button>
        <button type="submit" className="btn btn-primary" aria-disabled={isSaving}>
          {t.save}
        </button>
      </div>
    </form>
  );
}
