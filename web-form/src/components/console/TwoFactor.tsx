import dynamic from 'next/dynamic';
import { useId, useState, type FormEvent } from 'react';
import { CopyButton } from '@/components/CopyButton';
import { Notice } from '@/components/Notice';
import { answered, api, ApiError } from '@/lib/api/client';
import type { TotpSecret } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { consoleTexts } from '@/texts/console';

const QrCode = dynamic(() => import('./QrCode'), { ssr: false, loading: () => <div className="skeleton size-44" /> });

type State = { step: 'idle' } | { step: 'confirm'; secret: TotpSecret } | { step: 'on' } | { step: 'off' };

/** Sets up codes of an authenticator app, and turns them off again. */
export function TwoFactor() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const [state, setState] = useState<State>({ step: 'idle' });
  const [recovery, setRecovery] = useState<string[]>([]);
  const [error, setError] = useState<string | null>(null);

  const act = async (call: () => Promise<State>) => {
    setError(null);
    try {
      setState(await call());
    } catch (failure) {
      const isCode = failure instanceof ApiError && [401, 409, 422].includes(failure.status);
      setError(isCode ? t.wrongCode : failureText(failure, texts));
    }
  };
  const start = () =>
    act(async () => {
      const secret = await answered(api().POST('/staff/totp', { body: {} }));
      setRecovery(secret.recovery_codes ?? []);
      return { step: 'confirm', secret };
    });
  const enable = (code: string) =>
    act(async () => {
      await answered(api().PUT('/staff/totp', { body: { code } }));
      return { step: 'on' };
    });
  const disable = (code: string) =>
    act(async () => {
      await answered(api().DELETE('/staff/totp', { body: { code } }));
      setRecovery([]);
      return { step: 'off' };
    });

  return (
    <section aria-labelledby="totp-title" className="card p-6">
      <h2 id="totp-title" className="text-lg">
        {t.totpTitle}
      </h2>
      <p className="mt-1 text-sm text-ink-mute">{t.totpText}</p>
      <div className="mt-5 space-y-5">
        {state.step === 'on' && <Notice kind="good">{t.totpEnabled}</Notice>}
        {state.step === 'off' && <Notice kind="info">{t.totpDisabled}</Notice>}
        {error && <Notice kind="danger">{error}</Notice>}
        {state.step === 'on' && recovery.length > 0 && <RecoveryCodes codes={recovery} />}
        {state.step === 'confirm' ? (
          <>
            <p className="text-sm">{t.totpScan}</p>
            <QrCode text={state.secret.otpauth_url} label={t.totpQr} />
            <div>
              <p className="text-xs text-ink-mute">{t.totpKey}</p>
              <p data-testid="totp-secret" dir="ltr" className="mt-1 font-mono text-sm break-all select-all">
                {state.secret.secret}
              </p>
            </div>
            <CodeForm label={t.totpConfirm} button={t.totpEnable} onCode={enable} isPrimary />
          </>
        ) : (
          <>
            {state.step !== 'on' && (
              <button type="button" className="btn btn-primary" onClick={() => void start()}>
                {t.totpStart}
              </button>
            )}
            <details open={state.step === 'on' ? true : undefined}>
              <summary className="min-h-8 text-sm font-medium text-accent-text">{t.totpDisable}</summary>
              <p className="mt-1 mb-3 text-sm text-ink-mute">{t.totpDisableText}</p>
              <CodeForm label={t.code} button={t.totpDisable} onCode={disable} />
            </details>
          </>
        )}
      </div>
    </section>
  );
}

function CodeForm({ label, button, onCode, isPrimary }: { label: string; button: string; onCode: (code: string) => Promise<void>; isPrimary?: boolean }) {
  const [code, setCode] = useState('');
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) void onCode(code.trim()).then(() => setCode(''));
  };
  return (
    <form onSubmit={submit}>
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      <div className="mt-1.5 flex flex-wrap gap-2">
        <input
          id={id}
          value={code}
          dir="ltr"
          inputMode="numeric"
          autoComplete="one-time-code"
          className="field mt-0 w-40 font-mono tracking-widest"
          onChange={(event) => setCode(event.target.value)}
        />
        <button type="submit" className={`btn ${isPrimary ? 'btn-primary' : 'btn-danger'}`}>
          {button}
        </button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes }: { codes: string[] }) {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  return (
    <div className="rounded-lg bg-sunken p-4">
      <h3 className="text-sm font-semibold">{t.recovery}</h3>
      <p className="mt-1 text-sm text-ink-soft">{t.recoveryText}</p>
      <ul data-testid="recovery-codes" dir="ltr" className="my-3 grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} label={texts.common.copyText} />
    </div>
  );
}
