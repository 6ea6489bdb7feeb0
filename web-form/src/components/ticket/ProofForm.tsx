import { useEffect, useRef, useState, type FormEvent } from 'react';
import { Field } from '@/components/Field';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useCode, useCodeRequest } from '@/lib/useProof';
import { proofTexts } from '@/texts/proof';

/** Asks for an address, then for the code that was mailed there. */
export function ProofForm({ ticket }: { ticket?: string }) {
  const [asked, setAsked] = useState<{ proof: string; email: string } | null>(null);
  return asked ? (
    <CodeStep {...asked} ticket={ticket} onAgain={() => setAsked(null)} />
  ) : (
    <EmailStep onAsked={(proof, email) => setAsked({ proof, email })} />
  );
}

function EmailStep({ onAsked }: { onAsked: (proof: string, email: string) => void }) {
  const { texts, language } = useSite();
  const t = proofTexts(language);
  const request = useCodeRequest();
  const [email, setEmail] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const isRefused = request.error instanceof ApiError && request.error.status === 422;

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = email.trim();
    setInvalid(!wanted.includes('@'));
    if (!wanted.includes('@')) return;
    request.mutate(
      { email: wanted, language },
      { onSuccess: (answer) => onAsked(answer.proof_id, wanted) },
    );
  }

  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field id="proof-email" label={t.email} error={isInvalid || isRefused ? t.invalidEmail : null}>
        {(described) => (
          <input
            {...described}
            id="proof-email"
            type="email"
            inputMode="email"
            autoComplete="email"
            maxLength={254}
            className="input"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      {request.isError && !isRefused && <Notice kind="danger">{failureText(request.error, texts)}</Notice>}
      <button type="submit" className="btn btn-primary max-sm:w-full" disabled={request.isPending}>
        {t.send}
      </button>
    </form>
  );
}

interface CodeProps {
  proof: string;
  email: string;
  ticket?: string;
  onAgain: () => void;
}

function CodeStep({ proof, email, ticket, onAgain }: CodeProps) {
  const { texts, language } = useSite();
  const t = proofTexts(language);
  const attempt = useCode(proof, ticket);
  const [code, setCode] = useState('');
  const [isInvalid, setInvalid] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const isRefused = attempt.error instanceof ApiError && attempt.error.status === 403;
  useEffect(() => input.current?.focus(), []);

  function submit(event: FormEvent) {
    event.preventDefault();
    const digits = code.replace(/[\s-]/g, '');
    const isCode = /^\d{6}$/.test(digits);
    setInvalid(!isCode);
    if (isCode) attempt.mutate(digits, { onError: () => input.current?.select() });
  }

  const error = isInvalid ? t.invalidCode : isRefused ? t.refused : null;
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <p role="status" className="text-sm text-ink-soft wrap-anywhere">
        {fill(t.sent, { email })}
      </p>
      <Field id="proof-code" label={t.code} error={error}>
        {(described) => (
          <input
            {...described}
            ref={input}
            id="proof-code"
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={9}
            className="input"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      {attempt.isError && !isRefused && <Notice kind="danger">{failureText(attempt.error, texts)}</Notice>}
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn btn-primary max-sm:w-full" disabled={attempt.isPending}>
          {t.confirm}
        </button>
        <button type="button" className="btn btn-quiet max-sm:w-full" onClick={onAgain}>
          {t.again}
        </button>
      </div>
    </form>
  );
}
