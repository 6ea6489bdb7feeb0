import { type ReactNode, useEffect, useId, useState } from 'react';
import { FieldError } from '@/components/Field';
import { Counter } from '@/components/form/Counter';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import { useDraft } from '@/lib/draft';
import { failureText } from '@/lib/failure';
import { faultSentence } from '@/lib/faults';
import { useSite } from '@/lib/i18n';
import { read } from '@/lib/storage';
import { characters, trimmed } from '@/lib/characters';
import { useFollowUp } from '@/lib/useTicket';

const MAX = 10_000;

interface ComposerProps {
  id: string;
  label: string;
  followUp: ReturnType<typeof useFollowUp>;
  /** What else can be done instead of sending. */
  children?: ReactNode;
}

/** Where a customer writes on. The text stays here, and on the device, until it was stored. */
export function Composer({ id, label, followUp, children }: ComposerProps) {
  const { texts } = useSite();
  const t = texts.ticket;
  const field = useId();
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  useDraft(`draft.${id}`, text === '' ? null : text);

  useEffect(() => {
    const draft = read<string>(`draft.${id}`);
    if (draft) setText((now) => now || draft);
  }, [id]);

  const used = characters(trimmed(text));
  const isValid = used >= 1 && used <= MAX;
  const error =
    isTried && !isValid ? faultSentence(texts.form.message, { text: 'length', values: { min: 1, max: MAX } }, texts) : null;

  const send = () => {
    if (followUp.isPending) return;
    setTried(true);
    if (!isValid) return document.getElementById(field)?.focus();
    const sent = trimmed(text);
    followUp.mutate(sent, {
      onSuccess: () => {
        // What was typed meanwhile stays.
        setText((now) => (trimmed(now) === sent ? '' : now));
        setTried(false);
      },
    });
  };

  return (
    <form
      className="no-print card mt-8 p-4 sm:p-5"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label htmlFor={field} className="field-label">
        {label}
      </label>
      <textarea
        id={field}
        name="message"
        rows={3}
        value={text}
        className="field field-sizing-content max-h-[50vh] min-h-24 resize-y"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${field}-error` : undefined}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      />
      <FieldError id={field} error={error} />
      {used > MAX * 0.8 && <Counter used={used} min={1} max={MAX} />}
      {followUp.isError && (
        <div className="mt-4">
          <Notice kind="danger" title={t.failed}>
            {reason(followUp.error, texts)}
          </Notice>
        </div>
      )}
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        {children}
        <button type="submit" title={t.replyNote} className="btn btn-primary ms-auto max-sm:order-first max-sm:w-full" aria-disabled={followUp.isPending}>
          {followUp.isPending ? t.sending : followUp.isError ? texts.common.retry : t.send}
          <span className="rtl:-scale-x-100">
            <Icon name="arrow" size={16} />
          </span>
        </button>
      </div>
    </form>
  );
}

function reason(error: unknown, texts: ReturnType<typeof useSite>['texts']): string {
  if (error instanceof ApiError && error.status === 409) return texts.ticket.closedTitle;
  return failureText(error, texts);
}
