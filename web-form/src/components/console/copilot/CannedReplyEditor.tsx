import { type FormEvent, useState } from 'react';
import { trimmed } from '@/lib/characters';
import { type CannedReply, saveCannedReply } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';

interface CannedReplyEditorProps {
  reply: CannedReply | null;
  onDone: (saved?: CannedReply) => void;
}

/** Writes a canned reply, or changes one. */
export function CannedReplyEditor({ reply, onDone }: CannedReplyEditorProps) {
  const { texts } = useSite();
  const { t: desk, language } = useDesk();
  const t = copilotTexts(language);
  const [name, setName] = useState(reply?.name ?? '');
  const [text, setText] = useState(reply?.text ?? '');
  const [shared, setShared] = useState(reply?.shared ?? false);
  const [tags, setTags] = useState(reply?.actions.add_tags.join(' ') ?? '');
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    setSaving(true);
    try {
      const form = { name: trimmed(name), text: trimmed(text), shared, tags: tags.split(/\s+/).filter(Boolean) };
      onDone(await saveCannedReply(reply?.id ?? null, form));
    } catch (failure) {
      setError(refusalText(failure, desk, texts));
      setSaving(false);
    }
  };
  return (
    <form className="min-h-0 overflow-y-auto px-5 pt-3 pb-5" onSubmit={(event) => void save(event)}>
      {error && (
        <p role="alert" className="mb-3 text-danger">
          {error}
        </p>
      )}
      <label htmlFor="canned-name" className="field-label">
        {t.name}
      </label>
      <input id="canned-name" required autoFocus value={name} className="field text-sm" onChange={({ target }) => setName(target.value)} />
      <label htmlFor="canned-text" className="field-label mt-3">
        {t.text}
      </label>
      <textarea
        id="canned-text"
        required
        rows={6}
        value={text}
        aria-describedby="canned-help"
        className="field text-sm"
        onChange={({ target }) => setText(target.value)}
      />
      <p id="canned-help" className="mt-1 text-xs text-ink-mute">
        {t.textHelp}
      </p>
      <label htmlFor="canned-tags" className="field-label mt-3">
        {t.addTags}
      </label>
      <input id="canned-tags" value={tags} className="field text-sm" onChange={({ target }) => setTags(target.value)} />
      <label className="mt-3 flex min-h-9 items-center gap-2">
        <input type="checkbox" className="size-4" checked={shared} onChange={({ target }) => setShared(target.checked)} />
        {t.shared}
      </label>
      <div className="mt-3 flex justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={() => onDone()}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-primary" aria-disabled={isSaving}>
          {t.save}
        </button>
      </div>
    </form>
  );
}
