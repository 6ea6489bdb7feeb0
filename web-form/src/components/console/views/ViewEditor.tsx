import { type FormEvent, type ReactNode, useState } from 'react';
import { ApiError } from '@/lib/api/client';
import { channels, priorities, queues, severities, sorts } from '@/lib/api/desk';
import { trimmed } from '@/lib/characters';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { type SavedView, saveView, type ViewForm } from '@/lib/console/views';
import { useSite } from '@/lib/i18n';
import { viewTexts } from '@/texts/views';

type Filters = NonNullable<ViewForm['filters']>;

interface ViewEditorProps {
  id: string | null;
  initial: ViewForm;
  onDone: (saved: SavedView | null) => void;
}

/** Names a view and says what it shows. Filters without a field here stay as they are. */
export function ViewEditor({ id, initial, onDone }: ViewEditorProps) {
  const { texts } = useSite();
  const { t: desk, language, members } = useDesk();
  const t = viewTexts(language);
  const [form, setForm] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const filters = form.filters ?? {};
  const filter = (change: Partial<Filters>) => setForm({ ...form, filters: { ...filters, ...change } });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (isSaving) return;
    setSaving(true);
    const given = Object.entries({ ...filters, tag: filters.tag?.trim().toLowerCase() }).filter(([, value]) => value);
    const { queue, sort, shared } = form;
    try {
      onDone(await saveView(id, { name: trimmed(form.name), queue, sort, shared, filters: Object.fromEntries(given) }));
    } catch (failure) {
      const code = failure instanceof ApiError ? failure.code : undefined;
      setError(code === 'name_taken' ? t.nameTaken : code === 'too_many_views' ? t.tooMany : refusalText(failure, desk, texts));
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
      <label htmlFor="view-name" className="field-label">
        {t.name}
      </label>
      <input
        id="view-name"
        required
        autoFocus
        maxLength={60}
        value={form.name}
        className="field text-sm"
        onChange={({ target }) => setForm({ ...form, name: target.value })}
      />
      <div className="mt-3 grid grid-cols-2 gap-3">
        <Select label={t.queue} value={form.queue} names={queues.map((name) => [name, desk.queue[name]])} onChange={(queue) => setForm({ ...form, queue })} />
        <Select label={desk.sort} value={form.sort ?? 'due'} names={sorts.map((name) => [name, desk.sorts[name]])} onChange={(sort) => setForm({ ...form, sort })} />
        <Select label={desk.channel} any={t.any} value={filters.channel} names={channels.map((name) => [name, desk.channels[name]])} onChange={(channel) => filter({ channel })} />
        <Select label={desk.severity} any={t.any} value={filters.severity} names={severities.map((name) => [name, desk.severities[name]])} onChange={(severity) => filter({ severity })} />
        <Select label={desk.priority} any={t.any} value={filters.priority} names={priorities.map((name) => [name, desk.priorities[name]])} onChange={(priority) => filter({ priority })} />
        <Select
          label={t.assignee}
          any={t.any}
          value={filters.assignee}
          names={[['me', t.meWhoLooks], ['none', t.noOne], ...members.filter(({ active }) => active).map(({ id: staff, name }): [string, string] => [staff, name])]}
          onChange={(assignee) => filter({ assignee })}
        />
      </div>
      <label htmlFor="view-tag" className="field-label mt-3">
        {t.tag}
      </label>
      <input id="view-tag" maxLength={40} value={filters.tag ?? ''} className="field text-sm" onChange={({ target }) => filter({ tag: target.value })} />
      <Check checked={Boolean(filters.breached)} onChange={(isOn) => filter({ breached: isOn || undefined })}>
        {t.onlyLate}
      </Check>
      <Check checked={Boolean(form.shared)} onChange={(shared) => setForm({ ...form, shared })}>
        {t.shared}
      </Check>
      <div className="mt-3 flex justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={() => onDone(null)}>
          {t.cancel}
        </button>
        <button type="submit" className="btn btn-primary" aria-disabled={isSaving}>
          {t.keep}
        </button>
      </div>
    </form>
  );
}

interface SelectProps<T extends string> {
  label: string;
  /** The name of no choice, where there may be none. */
  any?: string;
  value: T | null | undefined;
  names: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

function Select<T extends string>({ label, any, value, names, onChange }: SelectProps<T>) {
  return (
    <label className="field-label">
      {label}
      <select className="field mt-1 py-2 text-sm" value={value ?? ''} onChange={({ target }) => onChange(target.value as T)}>
        {any && <option value="">{any}</option>}
        {names.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Check({ checked, onChange, children }: { checked: boolean; onChange: (isOn: boolean) => void; children: ReactNode }) {
  return (
    <label className="mt-2 flex min-h-9 items-center gap-2">
      <input type="checkbox" className="size-4" checked={checked} onChange={({ target }) => onChange(target.checked)} />
      {children}
    </label>
  );
}
