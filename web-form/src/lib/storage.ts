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

export function write(key: string, value: unknown): void {
  try {
    if (value === null) window.localStorage.removeItem(`fte.${key}`);
    else window.localStorage.setItem(`fte.${key}`, JSON.stringify(value));
  } catch {
    // Nothing is remembered.
  }
}
