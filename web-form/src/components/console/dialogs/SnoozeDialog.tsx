import { type FormEvent, useState } from 'react';
import { FieldError } from '@/components/Field';
import { useDesk } from '@/lib/console/desk';
import { snoozeTimes } from '@/lib/console/time';
import { dateTime } from '@/lib/time';
import { Modal } from './Modal';

/** Sets a conversation aside until a time. */
export function SnoozeDialog({ onChoose }: { onChoose: (until: Date) => void }) {
  const { t, language, openDialog } = useDesk();
  const [other, setOther] = useState('');
  const [isPast, setPast] = useState(false);
  const choose = (until: Date) => {
    openDialog(null);
    onChoose(until);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const until = new Date(other);
    const isFuture = until.getTime() > Date.now();
    setPast(!isFuture);
    if (isFuture) choose(until);
  };
  return (
    <Modal title={t.snoozeTitle}>
      <ul className="px-3 pt-3">
        {snoozeTimes(new Date()).map(({ id, at }) => (
          <li key={id}>
            <button type="button" className="option hover:bg-sunken" onClick={() => choose(at)}>
              <span className="flex-1 font-medium">{t.snoozeTimes[id]}</span>
              <span className="text-xs text-ink-mute">{dateTime(at.toISOString(), language)}</span>
            </button>
          </li>
        ))}
      </ul>
      <form className="px-6 pt-3 pb-5" onSubmit={submit}>
        <label htmlFor="snooze-until" className="field-label">
          {t.snoozeOther}
        </label>
        <div className="mt-1.5 flex gap-2">
          <input
            id="snooze-until"
            type="datetime-local"
            required
            value={other}
            aria-invalid={isPast ? true : undefined}
            aria-describedby={isPast ? 'snooze-until-error' : undefined}
            className="field mt-0 min-w-0 flex-1"
            onChange={({ target }) => setOther(target.value)}
          />
          <button type="submit" className="btn btn-primary">
            {t.snoozeSet}
          </button>
        </div>
        <FieldError id="snooze-until" error={isPast ? t.snoozePast : null} />
      </form>
    </Modal>
  );
}
