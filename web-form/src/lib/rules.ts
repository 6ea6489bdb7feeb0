import * as z from 'zod/mini';
import { characters, isVisible, trimmed, withoutControls } from './characters';
import type { Fault } from './faults';

/**
 * The rules of the server for the fields of a submission (`src/channels/web_form`), with the same messages. A table of
 * inputs is posted to both in `tests/browser/rules.test.mjs`.
 */

// zod would probe `new Function`, which the content security policy reports.
z.config({ jitless: true });

export const categories = ['general', 'technical', 'billing', 'feedback', 'bug_report'] as const;
export const priorities = ['low', 'medium', 'high'] as const;

// Faults travel through zod as JSON in the message, because that is the one field of an issue that reaches the form.
const fault = (text: Fault['text'], values?: Fault['values']) => JSON.stringify({ text, values } satisfies Fault);

function within(min: number, max: number, read: (value: string) => string = (value) => value) {
  const fits = (value: string) => {
    const n = characters(trimmed(read(value)));
    return n >= min && n <= max;
  };
  return [
    z.refine<string>(fits, { error: fault('length', { min, max }), abort: true }),
    z.refine<string>((value) => isVisible(read(value)), { error: fault('visible') }),
  ] as const;
}

function line(min: number, max: number) {
  const oneLine = z.refine<string>((value) => !/\p{Cc}/u.test(value), { error: fault('line'), abort: true });
  return z.string().check(oneLine, ...within(min, max));
}

function text(min: number, max: number) {
  const clean = z.refine<string>((value) => !value.includes('\0'), { error: fault('nul'), abort: true });
  return z.string().check(clean, ...within(min, max, withoutControls));
}

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\-\\u0080-\\u{10FFFF}]+";
const LOCAL = new RegExp(`^${ATOM}(?:\\.${ATOM})*$`, 'u');
// Letters and digits at both ends; between them whatever an atom may hold (RFC 5321 leaves it to the mail server).
const LABEL = new RegExp(`^(?=[\\p{L}\\p{N}])${ATOM}(?<=[\\p{L}\\p{N}])$`, 'u');

/** An address by the rules of RFC 5321 and 5322, without display name, address literal, quoted part or bare host. */
export function isEmail(value: string): boolean {
  if (/\p{Cc}/u.test(value)) return false;
  const address = trimmed(value);
  if (characters(address) > 254 || /[\p{White_Space}<>()[\],;:\\"]/u.test(address)) return false;
  const parts = address.split('@');
  const [local, host] = parts;
  if (parts.length !== 2 || !local || !host) return false;
  const bytes = (part: string) => new TextEncoder().encode(part).length;
  const labels = host.split('.');
  return (
    LOCAL.test(local) &&
    bytes(local) <= 64 &&
    labels.length > 1 &&
    labels.every((label) => LABEL.test(label) && bytes(label) <= 63)
  );
}

function oneOf<T extends string>(values: readonly T[]) {
  return z.enum(values as unknown as readonly [T, ...T[]], {
    error: (issue) =>
      issue.input === undefined || issue.input === null || issue.input === ''
        ? fault('required')
        : fault('oneOf', { values: values.join(', ') }),
  });
}

export const submission = z.object({
  name: line(1, 100),
  email: z.string().check(z.refine((value) => isEmail(value), { error: fault('email') })),
  // Leaving it empty leaves it out.
  phone: z.string().check(
    z.refine((value) => trimmed(value) === '' || /^\+[1-9][0-9]{6,14}$/.test(trimmed(value)), { error: fault('phone') }),
  ),
  subject: line(5, 200),
  category: oneOf(categories),
  priority: oneOf(priorities),
  message: text(10, 10_000),
});

export type Submission = z.infer<typeof submission>;

export const signIn = z.object({
  email: z.string().check(z.refine((value) => trimmed(value) !== '', { error: fault('required') })),
  password: z.string().check(z.refine((value) => value !== '', { error: fault('required') })),
  code: z.string(),
});

const newPassword = z.refine<string>((value) => characters(value) >= 12 && characters(value) <= 128, {
  error: fault('password'),
});

export const passwordChange = z
  .object({
    current: z.string().check(z.refine((value) => value !== '', { error: fault('required') })),
    next: z.string().check(newPassword),
    repeat: z.string(),
  })
  .check(z.refine((form) => form.next === form.repeat, { error: fault('mismatch'), path: ['repeat'] }));

export type SignIn = z.infer<typeof signIn>;
export type PasswordChange = z.infer<typeof passwordChange>;
