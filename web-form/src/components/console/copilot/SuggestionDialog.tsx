import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Notice } from '@/components/Notice';
import { PlainText } from '@/components/PlainText';
import { trimmed } from '@/lib/characters';
import { suggest } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';
import { Modal } from '../dialogs/Modal';

const MAX = 1_000;

/** A reply that the agent suggests, with its sources. A person edits and sends it. */
export function SuggestionDialog({ id }: { id: string }) {
  const { texts } = useSite();
  const { t: desk, language, openDialog, restore } = useDesk();
  const t = copilotTexts(language);
  const [wish, setWish] = useState('');
  const { mutate, data, error, isPending } = useMutation({ mutationFn: (instruction: string) => suggest(id, instruction) });
  useEffect(() => mutate(''), [mutate]);

  const again = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) mutate(trimmed(wish));
  };
  const use = () => {
    if (!data?.text) return;
    restore({ id, text: data.text, suggestion: data.suggestion_id });
    openDialog(null);
  };
  return (
    <Modal title={t.suggestTitle} text={t.suggestText} isWide>
      <div className="min-h-0 space-y-3 overflow-y-auto px-5 pt-3 pb-5">
        <div role="status" data-testid="suggestion" aria-busy={isPending}>
          {isPending && <p className="text-ink-mute">{t.suggesting}</p>}
          {error && (
            <Notice kind="danger" title={desk.searchFailed}>
              {refusalText(error, desk, texts)}
            </Notice>
          )}
          {!isPending && data && !data.text && <p>{t.suggestNone}</p>}
          {!isPending && data?.text && (
            <div className="rounded-md border border-line bg-surface p-3">
              <PlainText text={data.text} />
              {data.sources.length > 0 && (
                <p className="mt-2 text-xs text-ink-mute">
                  {t.sources}: {data.sources.map(({ title }) => title).join(', ')}
                </p>
              )}
            </div>
          )}
        </div>
        <form onSubmit={again}>
          <label htmlFor="wish" className="field-label">
            {t.wishes}
          </label>
          <textarea
            id="wish"
            rows={2}
            maxLength={MAX}
            value={wish}
            placeholder={t.wishesPlaceholder}
            className="field text-sm"
            onChange={({ target }) => setWish(target.value)}
          />
          <div className="mt-3 flex flex-wrap justify-end gap-2">
            <button type="submit" className="btn btn-quiet" aria-disabled={isPending}>
              {t.suggestAgain}
            </button>
            <button type="button" className="btn btn-primary" disabled={isPending || !data?.text} onClick={use}>
              {t.suggestUse}
            </button>
          </div>
        </form>
      </div>
    </Modal>
  );
}
