import { useEffect, useState } from 'react';
import { useSite } from '@/lib/i18n';
import { Icon } from './Icon';

/** Copies a text; the button itself says that it worked. */
export function CopyButton({ text, label, look = 'btn btn-quiet' }: { text: string; label: string; look?: string }) {
  const { texts } = useSite();
  const [isDone, setDone] = useState(false);

  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), 2500);
    return () => clearTimeout(timer);
  }, [isDone]);

  return (
    <button type="button" className={look} onClick={() => void copy(text).then(setDone)}>
      <Icon name={isDone ? 'check' : 'copy'} size={16} />
      <span aria-live="polite">{isDone ? texts.common.copied : label}</span>
    </button>
  );
}

/** The clipboard exists on secure origins only; elsewhere a selected text field is copied. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('readonly', '');
    field.className = 'fixed opacity-0';
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}
