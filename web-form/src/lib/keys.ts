import { read, write } from './storage';

interface Remembered {
  key: string;
  body: string;
}

/** A random key of 32 hexadecimal digits. `crypto.randomUUID` exists on secure origins only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * The Idempotency-Key of a request. The same body keeps its key over retries and reloads, so that it is stored once;
 * an edited body is another request and gets a new key.
 */
export function idempotencyKey(purpose: string, body: unknown): string {
  const text = JSON.stringify(body);
  const last = read<Remembered>(`key.${purpose}`);
  if (last && last.body === text) return last.key;
  const key = randomKey();
  write(`key.${purpose}`, { key, body: text } satisfies Remembered);
  return key;
}

/** After a success: the next request is a new one, even with the same body. */
export function forgetKey(purpose: string): void {
  write(`key.${purpose}`, null);
}
