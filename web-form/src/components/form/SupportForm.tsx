import { zodResolver } from '@hookform/resolvers/zod';
import { useEffect, useMemo, useState } from 'react';
import { type FieldErrors, useForm } from 'react-hook-form';
import { Announcer } from '@/components/Announcer';
import { Field } from '@/components/Field';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import type { SubmissionReceipt } from '@/lib/api/types';
import { characters, trimmed } from '@/lib/characters';
import { useDraft } from '@/lib/draft';
import { failureText } from '@/lib/failure';
import { faultFromServer, faultOf, faultSentence } from '@/lib/faults';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { prefilled } from '@/lib/prefill';
import { categories, priorities, submission, type Submission } from '@/lib/rules';
import { read, write } from '@/lib/storage';
import { useSubmission } from '@/lib/useSubmission';
import { Choices } from './Choices';
import { Counter } from './Counter';
import { Suggestions } from './Suggestions';

const DRAFT = 'draft';
const MESSAGE = { min: 10, max: 10_000 };

const empty = {
  name: '',
  email: '',
  phone: '',
  subject: '',
  category: '' as Submission['category'],
  priority: 'medium' as const,
  message: '',
};

/** The support form. What is typed is kept on this device until it was sent. */
export function SupportForm({ onSent }: { onSent: (receipt: SubmissionReceipt) => void }) {
  const { texts, language } = useSite();
  const t = texts.form;
  const [isRestored, setRestored] = useState(false);
  const { sending, submit, reset: resetSending } = useSubmission();
  const form = useForm<Submission>({ resolver: zodResolver(submission), defaultValues: empty, shouldFocusError: true });
  const { register, handleSubmit, reset, watch, setError, formState } = form;
  const values = watch();
  const isDirty = useMemo(() => isWorthKeeping(values), [values]);
  const [isReady, setReady] = useState(false);
  useDraft(DRAFT, isReady ? (isDirty ? values : null) : undefined);

  useEffect(() => {
    const draft = read<Partial<Submission>>(DRAFT);
    const given = prefilled();
    reset({ ...empty, ...draft, ...given });
    setRestored(draft !== null && isWorthKeeping({ ...empty, ...draft }));
    setReady(true);
  }, [reset]);

  const send = handleSubmit(async (value) => {
    const receipt = await submit(value);
    if (!receipt) return;
    write(DRAFT, null);
    onSent(receipt);
  });

  const failure = sending.state === 'failed' ? sending.error : null;
  useEffect(() => {
    if (!(failure instanceof ApiError)) return;
    for (const { field, message } of failure.problem.errors ?? []) {
      const fault = faultFromServer(message);
      if (field in empty) setError(field as keyof Submission, { message: fault ? JSON.stringify(fault) : message });
    }
  }, [failure, setError]);

  // In the order of the page: the first of them with an error gets the focus.
  const inputs = {
    name: register('name'),
    email: register('email'),
    subject: register('subject'),
    category: register('category'),
    message: register('message'),
    priority: register('priority'),
    phone: register('phone'),
  };
  const labels: Record<keyof Submission, string> = {
    name: t.name,
    email: t.email,
    phone: t.phone,
    subject: t.subject,
    category: t.categoryField,
    priority: t.priorityField,
    message: t.message,
  };
  const errorOf = (field: keyof Submission): string | null => {
    const message = formState.errors[field]?.message;
    if (!message) return null;
    const fault = faultOf(message);
    return fault ? faultSentence(labels[field], fault, texts) : `${labels[field]} ${message}.`;
  };
  const isSending = sending.state === 'sending';
  const hasFieldErrors = failure instanceof ApiError && (failure.problem.errors?.length ?? 0) > 0;

  const discard = () => {
    write(DRAFT, null);
    setRestored(false);
    resetSending();
    reset(empty);
  };

  return (
    <form noValidate onSubmit={(event) => void send(event)} className="space-y-6" aria-busy={isSending}>
      {isRestored && (
        <Notice
          kind="info"
          action={
            <button type="button" className="btn btn-plain -my-2.5" onClick={discard}>
              {t.draftDiscard}
            </button>
          }
        >
          {t.draftKept}
        </Notice>
      )}

      <div className="grid gap-5 sm:grid-cols-2">
        <Field id="name" label={t.name} error={errorOf('name')}>
          {(described) => <input id="name" className="field" autoComplete="name" {...inputs.name} {...described} />}
        </Field>
        <Field id="email" label={t.email} error={errorOf('email')} note={t.emailNote}>
          {(described) => (
            <input
              id="email"
              type="email"
              inputMode="email"
              className="field"
              autoComplete="email"
              dir="ltr"
              {...inputs.email}
              {...described}
            />
          )}
        </Field>
      </div>

      <div>
        <Field id="subject" label={t.subject} error={errorOf('subject')}>
          {(described) => (
            <input id="subject" className="field" autoComplete="off" {...inputs.subject} {...described} />
          )}
        </Field>
        <Suggestions query={formState.dirtyFields.subject ? values.subject : ''} />
      </div>

      <Choices
        id="category"
        legend={t.category}
        error={errorOf('category')}
        register={inputs.category}
        options={categories.map((value) => ({ value, text: t.categories[value] }))}
      />

      <div>
        <Field id="message" label={t.message} error={errorOf('message')} note={t.messageNote}>
          {(described) => (
            <textarea
              id="message"
              rows={6}
              className="field field-sizing-content max-h-[60vh] min-h-36 resize-y"
              {...inputs.message}
              {...described}
            />
          )}
        </Field>
        <Counter used={characters(trimmed(values.message))} {...MESSAGE} />
      </div>

      <Choices
        id="priority"
        legend={t.priority}
        error={errorOf('priority')}
        register={inputs.priority}
        options={priorities.map((value) => ({ value, text: t.priorities[value] }))}
      />

      <Field id="phone" label={t.phone} error={errorOf('phone')} note={t.phoneNote} isOptional>
        {(described) => (
          <input
            id="phone"
            type="tel"
            inputMode="tel"
            className="field sm:max-w-xs"
            autoComplete="tel"
            dir="ltr"
            {...inputs.phone}
            {...described}
          />
        )}
      </Field>

      {failure !== null && !hasFieldErrors && (
        <Notice kind="danger" title={t.failedTitle}>
          {failureText(failure, texts)}
        </Notice>
      )}

      <div className="flex flex-wrap items-center gap-4 border-t border-line pt-6">
        <button type="submit" className="btn btn-primary min-w-44 max-sm:w-full" aria-disabled={isSending} onClick={(event) => isSending && event.preventDefault()}>
          {isSending && <Spinner />}
          {isSending ? t.sending : failure !== null ? texts.common.retry : t.send}
        </button>
        <Announcer text={isSending ? t.sending : summary(formState.errors, formState.submitCount, texts.errors.summary, language)} />
      </div>
    </form>
  );
}

function isWorthKeeping(values: Partial<Submission>): boolean {
  const { name, email, phone, subject, message } = values;
  return [name, email, phone, subject, message].some((value) => Boolean(value?.trim()));
}

function summary(
  errors: FieldErrors<Submission>,
  submits: number,
  forms: { one: string; other: string },
  language: string,
): string {
  const n = Object.keys(errors).length;
  return n > 0 && submits > 0 ? plural(forms, n, language) : '';
}

function Spinner() {
  return (
    <span aria-hidden="true" className="size-4 animate-spin rounded-full border-2 border-current border-e-transparent" />
  );
}
