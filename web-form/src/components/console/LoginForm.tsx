import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/router';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { Field } from '@/components/Field';
import { Notice } from '@/components/Notice';
import { answered, api, ApiError } from '@/lib/api/client';
import { failureText } from '@/lib/failure';
import { faultOf, faultSentence } from '@/lib/faults';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { type SignIn, signIn } from '@/lib/rules';
import { useSession, useSetSession } from '@/lib/useSession';
import type { Catalogue } from '@/texts';
import { consoleTexts } from '@/texts/console';

/** E-mail address and password, and a code once the server asks for one. */
export function LoginForm() {
  const { texts, brand } = useSite();
  const t = consoleTexts(texts);
  const router = useRouter();
  const session = useSession();
  const setSession = useSetSession();
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useForm<SignIn>({ resolver: zodResolver(signIn), defaultValues: { email: '', password: '', code: '' } });
  const { register, handleSubmit, formState, setFocus } = form;

  const isIn = Boolean(session.data);
  // Only the query of the console is taken over, so the address cannot lead elsewhere.
  const next = typeof router.query.next === 'string' && router.query.next.startsWith('?') ? router.query.next : '';
  const target = `/console${next}`;
  useEffect(() => {
    if (isIn) void router.replace(target);
  }, [isIn, router, target]);
  useEffect(() => {
    if (needsCode) setFocus('code');
  }, [needsCode, setFocus]);

  const submit = handleSubmit(async ({ email, password, code }) => {
    setError(null);
    const body = { email: email.trim(), password, ...(needsCode && code.trim() ? { code: code.trim() } : {}) };
    try {
      setSession(await answered(api().POST('/staff/session', { body })));
      await router.replace(target);
    } catch (failure) {
      const isFirstAsk = failure instanceof ApiError && failure.code === 'totp_required';
      if (isFirstAsk) setNeedsCode(true);
      setError(isFirstAsk && !needsCode ? null : refusal(failure, texts));
    }
  });

  const errorOf = (field: 'email' | 'password') => {
    const fault = faultOf(formState.errors[field]?.message);
    return fault ? faultSentence(t[field], fault, texts) : null;
  };
  const notice = router.query.reason === 'changed' ? t.changed : router.query.reason === 'ended' ? t.ended : null;

  return (
    <div className="mx-auto w-full max-w-sm px-4 pt-14 sm:pt-24">
      <h1 className="text-2xl">{t.loginTitle}</h1>
      <p className="mt-1.5 text-sm text-ink-mute">{fill(t.loginText, { company: brand })}</p>
      <form noValidate onSubmit={(event) => void submit(event)} className="card mt-6 space-y-5 p-6">
        {notice && !error && <Notice kind="info">{notice}</Notice>}
        {error && <Notice kind="danger">{error}</Notice>}
        <Field id="email" label={t.email} error={errorOf('email')}>
          {(described) => (
            <input id="email" type="email" autoComplete="username" dir="ltr" className="field" {...register('email')} {...described} />
          )}
        </Field>
        <Field id="password" label={t.password} error={errorOf('password')}>
          {(described) => (
            <input
              id="password"
              type="password"
              autoComplete="current-password"
              dir="ltr"
              className="field"
              {...register('password')}
              {...described}
            />
          )}
        </Field>
        {needsCode && (
          <Field id="code" label={t.code} note={t.codeNote}>
            {(described) => (
              <input
                id="code"
                autoComplete="one-time-code"
                autoCapitalize="none"
                spellCheck={false}
                dir="ltr"
                className="field font-mono"
                {...register('code')}
                {...described}
              />
            )}
          </Field>
        )}
        <button type="submit" className="btn btn-primary w-full" aria-disabled={formState.isSubmitting}>
          {formState.isSubmitting ? t.signingIn : t.signIn}
        </button>
      </form>
      <p className="mt-5 text-xs text-ink-mute">{t.forgotten}</p>
    </div>
  );
}

function refusal(failure: unknown, texts: Catalogue): string {
  const t = consoleTexts(texts);
  if (!(failure instanceof ApiError)) return t.failed;
  if (failure.code === 'totp_invalid' || failure.code === 'totp_required') return t.wrongCode;
  if (failure.status === 401 || failure.status === 422) return t.wrong;
  if (failure.status === 429) {
    const minutes = Math.ceil((failure.retryAfter ?? 0) / 60);
    return minutes > 1 ? fill(t.locked, { minutes }) : t.lockedSoon;
  }
  return failureText(failure, texts);
}
