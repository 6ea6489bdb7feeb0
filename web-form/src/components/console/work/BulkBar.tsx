import { type FormEvent, useState } from 'react';
import type { BulkBody } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { useWork } from '@/lib/console/work';
import { plural } from '@/lib/fill';
import { AssignDialog } from '../dialogs/AssignDialog';
import { Modal } from '../dialogs/Modal';
import { SnoozeDialog } from '../dialogs/SnoozeDialog';

interface BulkBarProps {
  /** The selected conversations that are listed. */
  chosen: string[];
  shown: string[];
  asOf: string;
}

/** What can be done with all selected conversations at once. It lies over the end of the list, so that no line moves. */
export default function BulkBar({ chosen, shown, asOf }: BulkBarProps) {
  const { t, language, dialog, openDialog, choose, clearChosen } = useDesk();
  const { w, bulk } = useWork();
  const run = (action: BulkBody['action'], params: Record<string, unknown> = {}) => {
    openDialog(null);
    void bulk(chosen, asOf, action, params);
  };
  const buttons = [
    { id: 'assign', text: t.assign, onClick: () => openDialog('bulk_assign') },
    { id: 'snooze', text: t.snooze, onClick: () => openDialog('bulk_snooze') },
    { id: 'tag', text: w.tag, onClick: () => openDialog('bulk_tag') },
    { id: 'reply', text: t.reply, onClick: () => openDialog('bulk_reply') },
    { id: 'resolve', text: t.resolve, onClick: () => run('resolve') },
    { id: 'release', text: t.release, onClick: () => run('release') },
    { id: 'hand_back', text: t.handBack, onClick: () => run('hand_back') },
  ];
  return (
    <div role="group" aria-label={w.bulk} data-testid="bulk-bar" className="absolute inset-x-2 bottom-2 rounded-lg border border-line bg-raised p-2 text-sm shadow-pop">
      <div className="flex items-center justify-between gap-2 px-1">
        <span role="status" className="font-semibold tabular-nums">
          {plural(w.selected, chosen.length, language)}
        </span>
        <span className="flex">
          <button type="button" className="btn btn-sm btn-plain" onClick={() => shown.forEach((id) => choose(id, true))}>
            {w.selectAll}
          </button>
          <button type="button" className="btn btn-sm btn-plain" onClick={clearChosen}>
            {w.clear}
          </button>
        </span>
      </div>
      <div className="mt-1 flex flex-wrap gap-1">
        {buttons.map(({ id, text, onClick }) => (
          <button key={id} type="button" data-bulk={id} className="btn btn-sm btn-quiet" onClick={onClick}>
            {text}
          </button>
        ))}
      </div>
      {dialog === 'bulk_assign' && <AssignDialog onChoose={({ id }) => run('assign', { staff_id: id })} />}
      {dialog === 'bulk_snooze' && <SnoozeDialog onChoose={(until) => run('snooze', { until: until.toISOString() })} />}
      {dialog === 'bulk_tag' && <TagDialog onChoose={(tag) => run('patch', { add_tags: [tag] })} />}
      {dialog === 'bulk_reply' && <ReplyDialog n={chosen.length} onSend={(text) => run('reply', { text })} />}
    </div>
  );
}

function TagDialog({ onChoose }: { onChoose: (tag: string) => void }) {
  const { t } = useDesk();
  const { w } = useWork();
  const [tag, setTag] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChoose(tag);
  };
  return (
    <Modal title={w.tagTitle}>
      <form className="flex gap-2 px-5 py-4" onSubmit={submit}>
        <input
          aria-label={t.addTag}
          required
          autoFocus
          pattern="[a-z0-9\-]{1,40}"
          title={t.tagRule}
          value={tag}
          className="field mt-0 min-w-0 flex-1"
          onChange={({ target }) => setTag(target.value)}
        />
        <button type="submit" className="btn btn-primary">
          {w.save}
        </button>
      </form>
    </Modal>
  );
}

function ReplyDialog({ n, onSend }: { n: number; onSend: (text: string) => void }) {
  const { language } = useDesk();
  const { w } = useWork();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(text);
  };
  return (
    <Modal title={plural(w.replyTitle, n, language)} text={w.replyText}>
      <form className="px-5 py-4" onSubmit={submit}>
        <textarea
          aria-label={w.text}
          required
          autoFocus
          rows={6}
          maxLength={10_000}
          value={text}
          className="field mt-0 w-full"
          onChange={({ target }) => setText(target.value)}
        />
        <button type="submit" className="btn btn-primary mt-3">
          {w.send}
        </button>
      </form>
    </Modal>
  );
}
