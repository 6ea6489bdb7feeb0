import { useState, type FormEvent } from 'react';
import { Field } from '@/components/Field';
import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { ApiError } from '@/lib/api/client';
import { knowledgeTexts } from '@/texts/knowledge';

/** The title and the text of a proposal. */
export function ProposalForm({ title, body, onSave, onCancel }: {
  title: string;
  body: string;
  onSave: (title: string, body: string) => Promise<unknown>;
  onCancel: () => void;
}) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const [values, setValues] = useState({ title, body });
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      await onSave(values.title, values.body);
    } catch (failure) {
      const problem = failure instanceof ApiError ? failure.problem.errors?.[0] : undefined;
      setError(problem ? `${problem.field} ${problem.message}` : failureText(failure, texts));
    }
  };
  return (
    <form noValidate className="space-y-4" onSubmit={(event) => void submit(event)}>
      {error && <Notice kind="danger">{error}</Notice>}
      <Field id="article-title" label={t.articleTitle}>
        {(described) => (
          <input
            id="article-title"
            className="field"
            maxLength={200}
            value={values.title}
            onChange={(event) => setValues({ ...values, title: event.target.value })}
            {...described}
          />
        )}
      </Field>
      <Field id="article-body" label={t.body}>
        {(described) => (
          <textarea
            id="article-body"
            className="field min-h-60 font-mono text-sm"
            maxLength={10_000}
            value={values.body}
            onChange={(event) => setValues({ ...values, body: event.target.value })}
            {...described}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn btn-primary">
          {t.save}
        </button>
        <button type="button" className="btn btn-secondary" onClick={onCancel}>
          {t.cancel}
        </button>
      </div>
    </form>
  );
}
