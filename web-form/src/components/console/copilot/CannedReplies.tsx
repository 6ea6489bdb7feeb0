import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { patch } from '@/lib/console/calls';
import { type CannedReply, deleteCannedReply, fillIn, listCannedReplies } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';
import { Modal } from '../dialogs/Modal';
import { OptionList } from '../dialogs/OptionList';
import { CannedReplyEditor } from './CannedReplyEditor';

const KEY = ['canned replies'];

/** Texts that are written often: chosen by a few letters, filled in for the conversation, edited, sent by a person. */
export function CannedReplies({ id }: { id: string }) {
  const { texts } = useSite();
  const { t: desk, language, me, openDialog, restore, toast } = useDesk();
  const t = copilotTexts(language);
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<CannedReply | 'new' | null>(null);
  const list = useQuery({ queryKey: KEY, queryFn: listCannedReplies });

  const failed = (error: unknown) => toast({ kind: 'danger', text: refusalText(error, desk, texts) }, null);
  const take = async (reply: CannedReply) => {
    openDialog(null);
    try {
      const { text: filled, missing, actions } = await fillIn(reply.id, id);
      restore({ id, text: filled, isAtEnd: true });
      if (missing.length > 0) toast({ kind: 'info', text: fill(t.cannedMissing, { names: missing.join(', ') }) }, null);
      const { add_tags, remove_tags, priority, severity } = actions;
      const changes = { add_tags, remove_tags, ...(priority && { priority }), ...(severity && { severity }) };
      if (add_tags.length + remove_tags.length > 0 || priority || severity) await patch(id, changes);
    } catch (error) {
      failed(error);
    }
  };
  const remove = async (reply: CannedReply) => {
    try {
      await deleteCannedReply(reply.id);
      toast({ kind: 'good', text: fill(t.cannedDeleted, { name: reply.name }) });
    } catch (error) {
      failed(error);
    }
    void client.invalidateQueries({ queryKey: KEY });
  };

  if (edited) {
    const done = (saved?: CannedReply) => {
      setEdited(null);
      if (saved) toast({ kind: 'good', text: fill(t.cannedSaved, { name: saved.name }) });
      void client.invalidateQueries({ queryKey: KEY });
    };
    return (
      <Modal title={edited === 'new' ? t.cannedNew : t.cannedEdit} isWide>
        <CannedReplyEditor reply={edited === 'new' ? null : edited} onDone={done} />
      </Modal>
    );
  }

  const words = text.trim().toLowerCase().split(/\s+/);
  const fits = (reply: CannedReply) => words.every((word) => `${reply.name} ${reply.text}`.toLowerCase().includes(word));
  const found = (list.data ?? []).filter(fits);
  const options = found.map((reply) => ({
    id: reply.id,
    run: () => void take(reply),
    content: (
      <>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{reply.name}</span>
          <span className="block truncate text-xs text-ink-mute">{reply.text}</span>
        </span>
        <span className="chip shrink-0">{reply.shared ? t.cannedShared : t.cannedOwn}</span>
      </>
    ),
  }));
  const own = found.filter(({ owner_id }) => owner_id === me.id || me.role === 'admin');
  return (
    <Modal title={t.cannedTitle} isWide>
      <OptionList label={t.cannedTitle} placeholder={t.cannedFilter} text={text} onText={setText} options={options}>
        {list.error && <p role="alert" className="px-3 py-2 text-danger">{refusalText(list.error, desk, texts)}</p>}
        {list.data && found.length === 0 && <p className="px-3 py-2 text-ink-mute">{list.data.length === 0 ? t.cannedFirst : t.cannedNone}</p>}
      </OptionList>
      <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
        {own.length === 1 && own[0] && (
          <>
            <button type="button" className="btn btn-sm btn-quiet" onClick={() => void remove(own[0]!)}>
              {t.cannedDelete}
            </button>
            <button type="button" className="btn btn-sm btn-quiet" onClick={() => setEdited(own[0]!)}>
              {t.cannedEdit}
            </button>
          </>
        )}
        <button type="button" className="btn btn-sm btn-primary" onClick={() => setEdited('new')}>
          {t.cannedNew}
        </button>
      </div>
    </Modal>
  );
}
