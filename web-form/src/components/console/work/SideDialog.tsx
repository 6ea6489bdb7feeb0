import { type FormEvent, useState } from 'react';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { useWork } from '@/lib/console/work';
import { Modal } from '../dialogs/Modal';
import { FilesField } from './FilesField';

/** Writes to third parties, beside the conversation. */
export function SideDialog({ target }: { target: DeskConversation }) {
  const { openDialog } = useDesk();
  const { w, isSending, openSide } = useWork();
  const [to, setTo] = useState('');
  const [subject, setSubject] = useState('');
  const [text, setText] = useState('');
  const [files, setFiles] = useState<File[]>([]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const addresses = to.split(/[,;\s]+/).filter(Boolean);
    if (await openSide(target.conversation_id, { to: addresses, subject, text }, files)) openDialog(null);
  };
  return (
    <Modal title={w.sideTitle} text={w.sideText} isWide>
      <form className="flex flex-col gap-3 px-5 py-4" onSubmit={(event) => void submit(event)}>
        <label className="field-label">
          {w.to}
          <input required autoFocus value={to} aria-describedby="side-to-hint" className="field" onChange={({ target: field }) => setTo(field.value)} />
        </label>
        <p id="side-to-hint" className="-mt-2 text-xs text-ink-mute">
          {w.toHint}
        </p>
        <label className="field-label">
          {w.subject}
          <input required maxLength={200} value={subject} className="field" onChange={({ target: field }) => setSubject(field.value)} />
        </label>
        <label className="field-label">
          {w.text}
          <textarea required rows={6} maxLength={10_000} value={text} className="field" onChange={({ target: field }) => setText(field.value)} />
        </label>
        <FilesField files={files} onChange={setFiles} />
        <button type="submit" className="btn btn-primary self-start" aria-disabled={isSending}>
          {w.send}
        </button>
      </form>
    </Modal>
  );
}
