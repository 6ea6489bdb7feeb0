import { type FormEvent, useState } from 'react';
import { useDesk } from '@/lib/console/desk';
import type { Actions, Target } from '@/lib/console/useActions';
import { trimmed } from '@/lib/characters';
import { Modal } from './Modal';

const MAX = 1_000;

/** Gives a conversation back to the bot, with an instruction for it. */
export function HandBackDialog({ target, actions }: { target: Target; actions: Actions }) {
  const { t, openDialog } = useDesk();
  const [text, setText] = useState('');
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    openDialog(null);
    void actions.handBack(target, trimmed(text));
  };
  return (
    <Modal title={t.handBackTitle} text={t.handBackText}>
      <form className="px-5 pt-3 pb-5" onSubmit={submit}>
        <label htmlFor="instruction" className="field-label">
          {t.instruction}
        </label>
        <textarea
          id="instruction"
          rows={4}
          maxLength={MAX}
          value={text}
          placeholder={t.instructionPlaceholder}
          className="field text-sm"
          autoFocus
          onChange={({ target: field }) => setText(field.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
          }}
        />
        <div className="mt-4 flex justify-end">
          <button type="submit" className="btn btn-primary">
            {t.handBack}
          </button>
        </div>
      </form>
    </Modal>
  );
}
