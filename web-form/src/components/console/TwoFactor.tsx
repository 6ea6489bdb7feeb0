import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useId, useState, type FormEvent } from 'react';
import { CopyButton } from '@/components/CopyButton';
import { Notice } from '@/components/Notice';
import { answered, api, ApiError } from '@/lib/api/client';
import type { TotpSecret, TotpStatus } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { consoleTexts } from '@/texts/console';

const QrCode = dynamic(() => import('./QrCode'), { ssr: false, loading: () => <div className="skeleton size-44" /> });

type Step = 'idle' | 'shown' | 'turnedOn' | 'turnedOff';

/** Sets up codes of an authenticator app, and turns them off again. */
export function TwoFactor() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const status = useTotpStatus();
  const [step, setStep] = useState<Step>('idle');
  const [secret, setSecret] = useState<TotpSecret | null>(null);
  const [error, setError] = useState<string | null>(null);

  const act = async (call: () => Promise<Step>) => {
    setError(null);
    try {
      setStep(await call());
    } catch (failure) {
      setError(failure instanceof ApiError && failure.status === 422 ? t.wrongCode : failureText(failure, texts));
    }
    await status.refetch();
  };
  const start = () =>
    act(async () => {
      setSecret(await answered(api().POST('/staff/totp', { body: {} })));
      return 'shown';
    });
  const enable = (code: string) =>
    act(async () => {
      await answered(api().PUT('/staff/totp', { body: { code } }));
      return 'turnedOn';
    });
  const disable = (code: string) =>
    act(async () => {
      await answered(api().DELETE('/staff/totp', { body: { code } }));
      setSecret(null);
      return 'turnedOff';
    });

  const isOn = status.data?.enabled ?? false;
  return (
    <section aria-labelledby="totp-title" className="card p-6">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id="totp-title" className="text-lg">
          {t.totpTitle}
        </h2>
        {status.data && (
          <span data-testid="totp-state" className={`pill ${isOn ? 'bg-good-soft text-good' : 'bg-sunken text-ink-soft'}`}>
            {isOn ? t.totpOn : t.totpOff}
          </span>
        )}
      </div>
      <p className="mt-1 text-sm text-ink-mute">{t.totpText}</p>
      <div className="mt-5 space-y-5">
        {step === 'turnedOn' && <Notice kind="good">{t.totpEnabled}</Notice>}
        {step === 'turnedOff' && <Notice kind="info">{t.totpDisabled}</Notice>}
        {error && <Notice kind="danger">{error}</Notice>}
        {status.isError && <Notice kind="danger">{failureText(status.error, texts)}</Notice>}
        {status.isPending && <div aria-hidden="true" className="skeleton h-11 w-32" />}
        {isOn && step === 'turnedOn' && secret && <RecoveryCodes codes={secret.recovery_codes} />}
        {status.data && isOn && <TurnOff left={status.data.recovery_codes_left} onCode={disable} />}
        {status.data && !isOn && step === 'shown' && secret && <Shown secret={secret} onCode={enable} />}
        {status.data && !isOn && step !== 'shown' && (
          <button type="button" className="btn btn-primary" onClick={() => void start()}>
            {t.totpStart}
          </button>
        )}
      </div>
    </section>
  );
}

function useTotpStatus() {
  return useQuery({
    queryKey: ['totp'],
    queryFn: (): Promise<TotpStatus> => answered(api().GET('/staff/totp')),
    retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isTemporary,
  });
}

/** The secret, which is on after its first code. */
function Shown({ secret, onCode }: { secret: TotpSecret; onCode: (code: string) => Promise<void> }) {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  return (
    <>
      <p className="text-sm">{t.totpScan}</p>
      <QrCode text={secret.otpauth_url} label={t.totpQr} />
      <div>
        <p className="text-xs text-ink-mute">{t.totpKey}</p>
        <p data-testid="totp-secret" dir="ltr" className="mt-1 font-mono text-sm break-all select-all">
          {secret.secret}
        </p>
      </div>
      <CodeForm label={t.totpConfirm} button={t.totpEnable} onCode={onCode} isPrimary />
    </>
  );
}

function TurnOff({ left, onCode }: { left: number; onCode: (code: string) => Promise<void> }) {
  const { texts, language } = useSite();
  const t = consoleTexts(texts);
  return (
    <>
      <p className="text-sm text-ink-soft">{plural(t.recoveryLeft, left, language)}</p>
      <details>
        <summary className="min-h-8 text-sm font-medium text-accent-text">{t.totpDisable}</summary>
        <p className="mt-1 mb-3 text-sm text-ink-mute">{t.totpDisableText}</p>
        <CodeForm label={t.code} button={t.totpDisable} onCode={onCode} />
      </details>
    </>
  );
}

/** The app shows digits alone; a recovery code, which turns it off as well, needs the whole keyboard. */
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
          inputMode={isPrimary ? 'numeric' : 'text'}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          className="field mt-0 w-52 font-mono"
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
