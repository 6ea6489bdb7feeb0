import { read, write } from './storage';

interface Remembered {
  key: string;
  body: string;
}

/** Where the browser offers no storage, a key is kept at least while the page is open. */
const inPage = new Map<string, Remembered>();

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
  const last = inPage.get(purpose) ?? read<Remembered>(`key.${purpose}`);
  if (last && last.body === text) return last.key;
  const next: Remembered = { key: randomKey(), body: text };
  inPage.set(purpose, next);
  write(`key.${purpose}`, next);
  return next.key;
}

/** After a success: the next request is a new one, even with the same body. */
export function forgetKey(purpose: string): void {
  inPage.delete(purpose);
  write(`key.${purpose}`, null);
}
