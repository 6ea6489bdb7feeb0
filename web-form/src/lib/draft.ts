import { useEffect, useRef } from 'react';
import { write } from './storage';

/** Typing is written down after this pause, and at once when the page is left. */
const PAUSE_MS = 300;

/** Keeps a draft on this device while it changes. `null` deletes it; `undefined` leaves what is stored. */
export function useDraft(key: string, draft: unknown): void {
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
  });

  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(() => write(key, draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, draft]);

  useEffect(() => {
    const keep = () => latest.current !== undefined && write(key, latest.current);
    window.addEventListener('pagehide', keep);
    return () => window.removeEventListener('pagehide', keep);
  }, [key]);
}
