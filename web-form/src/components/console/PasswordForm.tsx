import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Field } from '@/components/Field';
import { Notice } from '@/components/Notice';
import { answered, api, ApiError } from '@/lib/api/client';
import { failureText } from '@/lib/failure';
import { faultFromServer, faultOf, faultSentence } from '@/lib/faults';
import { useSite } from '@/lib/i18n';
import { passwordChange, type PasswordChange } from '@/lib/rules';
import { useSetSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';

const empty = { current: '', next: '', repeat: '' };

/** Changes the password of the account. */
export function PasswordForm() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const router = useRouter();
  const setSession = useSetSession();
  const [isChanged, setChanged] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm<PasswordChange>({ resolver: zodResolver(passwordChange), defaultValues: empty });
  const { register, handleSubmit, formState, reset } = form;

  const submit = handleSubmit(async ({ current, next }) => {
    setError(null);
    setChanged(false);
    try {
      await answered(api().PUT('/staff/password', { body: { current, new: next } }));
    } catch (failure) {
      return setError(refusal(failure));
    }
    reset(empty);
    setChanged(true);
    // The change ends sessions; where it ended this one too, the new password is asked for.
    const isSignedIn = await answered(api().GET('/staff/session')).catch(() => null);
    if (isSignedIn) return setSession(isSignedIn);
    await router.replace('/console/login?reason=changed');
    setSession(null);
  });

  const refusal = (failure: unknown): string => {
    if (failure instanceof ApiError && (failure.status === 401 || failure.status === 403)) return t.currentWrong;
    const problem = failure instanceof ApiError ? failure.problem.errors?.[0] : undefined;
    if (!problem) return failureText(failure, texts);
    if (problem.field === 'current') return t.currentWrong;
    const fault = faultFromServer(problem.message);
    return fault ? faultSentence(t.next, fault, texts) : `${t.next} ${problem.message}.`;
  };
  const labels = { current: t.current, next: t.next, repeat: t.repeat };
  const field = (name: keyof typeof labels, autoComplete: string) => {
    const fault = faultOf(formState.errors[name]?.message);
    return (
      <Field id={name} label={labels[name]} error={fault ? faultSentence(labels[name], fault, texts) : null}>
        {(described) => (
          <input id={name} type="password" dir="ltr" autoComplete={autoComplete} className="field" {...register(name)} {...described} />
        )}
      </Field>
    );
  };

  return (
    <section aria-labelledby="password-title" className="card p-6">
      <h2 id="password-title" className="text-lg">
        {t.passwordTitle}
      </h2>
      <p className="mt-1 text-sm text-ink-mute">{t.passwordText}</p>
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-5 space-y-4">
        {isChanged && <Notice kind="good">{t.passwordChanged}</Notice>}
        {error && <Notice kind="danger">{error}</Notice>}
        {field('current', 'current-password')}
        {field('next', 'new-password')}
        {field('repeat', 'new-password')}
        <button type="submit" className="btn btn-primary" aria-disabled={formState.isSubmitting}>
          {formState.isSubmitting ? t.changing : t.change}
        </button>
      </form>
    </section>
  );
}
