import type { ReactNode } from 'react';
import { useSite } from '@/lib/i18n';
import { Icon } from './Icon';

interface FieldProps {
  id: string;
  label: string;
  error?: string | null;
  note?: string;
  isOptional?: boolean;
  children: (described: { 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
}

/** A label, its control, a note and the error, tied together for screen readers. */
export function Field({ id, label, error, note, isOptional, children }: FieldProps) {
  const { texts } = useSite();
  const parts = [error ? `${id}-error` : '', note ? `${id}-note` : ''].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="field-label">
        {label}
        {isOptional && <span className="ms-1.5 font-normal text-ink-mute">({texts.common.optional})</span>}
      </label>
      {children({ 'aria-describedby': parts || undefined, 'aria-invalid': error ? true : undefined })}
      <FieldError id={id} error={error} />
      {note && (
        <p id={`${id}-note`} className="field-note">
          {note}
        </p>
      )}
    </div>
  );
}

export function FieldError({ id, error }: { id: string; error?: string | null }) {
  if (!error) return null;
  return (
    <p id={`${id}-error`} className="field-error">
      <span className="mt-0.5">
        <Icon name="alert" size={15} />
      </span>
      {error}
    </p>
  );
}
