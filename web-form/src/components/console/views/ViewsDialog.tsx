import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import type { Address } from '@/lib/console/useAddress';
import { changeOf, deleteView, type SavedView, useViews, VIEWS, type ViewForm, viewOf } from '@/lib/console/views';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { viewTexts } from '@/texts/views';
import { Modal } from '../dialogs/Modal';
import { OptionList } from '../dialogs/OptionList';
import { ViewEditor } from './ViewEditor';

interface Edited {
  id: string | null;
  form: ViewForm;
}

/** Queues with their order and filters, chosen by a few letters; what is shown now can be kept as one. */
export function ViewsDialog({ address }: { address: Address }) {
  const { texts } = useSite();
  const { t: desk, language, me, openDialog, toast } = useDesk();
  const t = viewTexts(language);
  const client = useQueryClient();
  const list = useViews();
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<Edited | null>(null);
  const reload = () => void client.invalidateQueries({ queryKey: VIEWS });

  const show = (view: SavedView) => {
    openDialog(null);
    address.go(changeOf(view));
  };
  const remove = async (view: SavedView) => {
    try {
      await deleteView(view.id);
      toast({ kind: 'good', text: fill(t.removed, { name: view.name }) });
    } catch (error) {
      toast({ kind: 'danger', text: refusalText(error, desk, texts) }, null);
    }
    reload();
  };

  if (edited) {
    const done = (saved: SavedView | null) => {
      setEdited(null);
      if (!saved) return;
      toast({ kind: 'good', text: fill(t.saved, { name: saved.name }) });
      reload();
      show(saved);
    };
    return (
      <Modal title={edited.id ? t.change : t.save}>
        <ViewEditor id={edited.id} initial={edited.form} onDone={done} />
      </Modal>
    );
  }

  const words = text.trim().toLowerCase().split(/\s+/);
  const found = (list.data ?? []).filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
  const options = found.map((view) => ({
    id: view.id,
    group: view.shared ? t.team : t.own,
    run: () => show(view),
    content: (
      <>
        <span className="min-w-0 flex-1 truncate font-medium">{view.name}</span>
        <span className="chip shrink-0">{desk.queue[view.queue]}</span>
      </>
    ),
  }));
  const [only] = found;
  const changeable = only && found.length === 1 && (only.author.id === me.id || me.role === 'admin') ? only : null;
  return (
    <Modal title={desk.views}>
      <OptionList label={desk.views} placeholder={t.filter} text={text} onText={setText} options={options}>
        {list.error && <p role="alert" className="px-3 py-2 text-danger">{refusalText(list.error, desk, texts)}</p>}
        {list.data && found.length === 0 && <p className="px-3 py-2 text-ink-mute">{list.data.length === 0 ? t.first : t.none}</p>}
      </OptionList>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        {changeable && (
          <>
            <button type="button" className="btn btn-sm btn-quiet" onClick={() => void remove(changeable)}>
              {fill(t.remove, { name: changeable.name })}
            </button>
            <button
              type="button"
              className="btn btn-sm btn-quiet"
              onClick={() => setEdited({ id: changeable.id, form: changeable })}
            >
              {t.change}
            </button>
          </>
        )}
        <button type="button" className="btn btn-sm btn-primary" onClick={() => setEdited({ id: null, form: viewOf(address.filters) })}>
          {t.save}
        </button>
      </div>
    </Modal>
  );
}
