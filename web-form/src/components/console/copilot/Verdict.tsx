import { type FormEvent, useId, useState } from 'react';
import { trimmed } from '@/lib/characters';
import { judge } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';

const MAX = 1_000;

/** What staff think of an answer of the bot: good, or wrong with the reason. */
export default function Verdict({ message }: { message: string }) {
  const { texts } = useSite();
  const { t: desk, language } = useDesk();
  const t = copilotTexts(language);
  const field = useId();
  const [isOpen, setOpen] = useState(false);
  const [comment, setComment] = useState('');
  const [said, setSaid] = useState<{ text: string; isError: boolean } | null>(null);

  const tell = async (verdict: 'wrong' | 'good') => {
    try {
      await judge(message, verdict, trimmed(comment));
      setSaid({ text: t.reported, isError: false });
      setOpen(false);
    } catch (error) {
      setSaid({ text: refusalText(error, desk, texts), isError: true });
    }
  };
  const report = (event: FormEvent) => {
    event.preventDefault();
    void tell('wrong');
  };
  return (
    <div data-testid="verdict" className="mt-1 text-xs">
      <span className="inline-flex flex-wrap gap-x-3">
        <button type="button" className="link min-h-6" onClick={() => void tell('good')}>
          {t.good}
        </button>
        <button type="button" className="link min-h-6" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {t.wrong}
        </button>
      </span>
      {isOpen && (
        <form className="mt-1 text-start" onSubmit={report}>
          <label htmlFor={field} className="field-label text-xs">
            {t.wrongWhy}
          </label>
          <textarea
            id={field}
            rows={2}
            autoFocus
            maxLength={MAX}
            value={comment}
            placeholder={t.wrongPlaceholder}
            className="field text-sm"
            onChange={({ target }) => setComment(target.value)}
          />
          <button type="submit" className="btn btn-sm btn-quiet mt-1">
            {t.report}
          </button>
        </form>
      )}
      <p role="status" className={said?.isError ? 'text-danger' : 'text-ink-mute'}>
        {said?.text}
      </p>
    </div>
  );
}
