import { useCallback, useEffect, useRef } from 'react';

/**
 * Runs a request for any number of calls: one at a time, and once more if something happened while it ran, so that its
 * last answer is never older than the last call.
 */
export function useCoalesced(run: () => Promise<unknown>, pauseMs: number): () => void {
  const latest = useRef(run);
  const state = useRef({ isRunning: false, isDirty: false, isGone: false });
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const now = state.current;
    now.isGone = false;
    return () => {
      now.isGone = true;
    };
  }, []);

  return useCallback(() => {
    const now = state.current;
    now.isDirty = true;
    if (now.isRunning) return;
    now.isRunning = true;
    const loop = async () => {
      while (now.isDirty && !now.isGone) {
        now.isDirty = false;
        await latest.current().catch(() => undefined);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
      now.isRunning = false;
    };
    void loop();
  }, [pauseMs]);
}
