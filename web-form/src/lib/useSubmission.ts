import { useCallback, useState } from 'react';
import { answered, api, ApiError } from './api/client';
import type { SubmissionReceipt } from './api/types';
import { trimmed } from './characters';
import { forgetKey, idempotencyKey } from './keys';
import { remember } from './mine';
import type { Submission } from './rules';

/** Attempts before the reader is asked; they share one Idempotency-Key, so that one ticket results. */
const TRIES = 3;
const FIRST_PAUSE_MS = 700;

export type Sending = { state: 'idle' } | { state: 'sending' } | { state: 'failed'; error: unknown };

/** The body of a request: texts are trimmed as the server trims them, and an empty phone number is left out. */
export function bodyOf(form: Submission) {
  const phone = trimmed(form.phone);
  return {
    name: trimmed(form.name),
    email: trimmed(form.email),
    subject: trimmed(form.subject),
    category: form.category,
    priority: form.priority,
    message: trimmed(form.message),
    ...(phone ? { phone } : {}),
  };
}

export function useSubmission() {
  const [sending, setSending] = useState<Sending>({ state: 'idle' });

  const submit = useCallback(async (form: Submission): Promise<SubmissionReceipt | null> => {
    setSending({ state: 'sending' });
    const body = bodyOf(form);
    const header = { 'Idempotency-Key': idempotencyKey('submit', body) };
    for (let tried = 1; ; tried += 1) {
      try {
        const receipt = await answered(api().POST('/support/submit', { body, params: { header } }));
        forgetKey('submit');
        const { ticket_id: id, ticket_number: number } = receipt;
        remember({ id, number, subject: body.subject, seen: new Date().toISOString() });
        setSending({ state: 'idle' });
        return receipt;
      } catch (error) {
        if (tried < TRIES && mayPass(error)) {
          await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** (tried - 1)));
          continue;
        }
        setSending({ state: 'failed', error });
        return null;
      }
    }
  }, []);

  const reset = useCallback(() => setSending({ state: 'idle' }), []);
  return { sending, submit, reset };
}

/** Too many requests is not tried again by itself: that would only add to them. */
function mayPass(error: unknown): boolean {
  return error instanceof ApiError && error.isTemporary && error.status !== 429 && navigator.onLine;
}
