/**
 * Values on this device. Storage may be missing (private windows, frames of other sites): then nothing is remembered and
 * nothing fails.
 */
export function read<T>(key: string): T | null {
  try {
    const text = window.localStorage.getItem(`fte.${key}`);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}

/** Forgets every value whose key begins so. */
export function forget(prefix: string): void {
  try {
    const { localStorage } = window;
    for (const key of Object.keys(localStorage)) if (key.startsWith(`fte.${prefix}`)) localStorage.removeItem(key);
  } catch {
    // Nothing is remembered.
  }
}

export function write(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(`fte.${key}`);
    else window.localStorage.setItem(`fte.${key}`, JSON.stringify(value));
  } catch {
    // Nothing is remembered.
  }
}
