import { type FormEvent, useState } from 'react';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { useWork } from '@/lib/console/work';
import { Modal } from '../dialogs/Modal';

/** Chooses the messages that get a ticket of their own. */
export function SplitDialog({ target, onOpen }: { target: DeskConversation; onOpen: (id: string) => void }) {
  const { openDialog, toast } = useDesk();
  const { w, isSending, split } = useWork();
  const [chosen, setChosen] = useState<string[]>([]);
  const [subject, setSubject] = useState('');
  const messages = target.messages.filter(({ kind }) => kind !== 'note');
  const toggle = (id: string) => setChosen((all) => (all.includes(id) ? all.filter((one) => one !== id) : [...all, id]));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = await split(target.conversation_id, chosen, subject.trim());
    if (!done) return;
    openDialog(null);
    toast({ kind: 'good', text: w.splitDone });
    onOpen(done.conversation_id);
  };
  return (
    <Modal title={w.splitTitle} text={w.splitText} isWide>
      <form className="flex min-h-0 flex-col gap-3 px-5 py-4" onSubmit={(event) => void submit(event)}>
        <fieldset className="min-h-24 overflow-y-auto">
          <legend className="field-label">{w.splitMessages}</legend>
          {messages.map(({ id, content }) => (
            <label key={id} className="option cursor-pointer items-start">
              <input type="checkbox" className="mt-1" checked={chosen.includes(id)} onChange={() => toggle(id)} />
              <span className="line-clamp-2 min-w-0 flex-1 wrap-anywhere">{content}</span>
            </label>
          ))}
        </fieldset>
        <label className="field-label">
          {w.subject}
          <input required maxLength={200} value={subject} className="field" onChange={({ target: field }) => setSubject(field.value)} />
        </label>
        <button type="submit" className="btn btn-primary self-start" disabled={chosen.length === 0} aria-disabled={isSending}>
          {w.split}
        </button>
      </form>
    </Modal>
  );
}
