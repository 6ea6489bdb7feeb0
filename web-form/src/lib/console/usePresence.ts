import { useEffect, useRef } from 'react';
import { tellPresence } from './calls';
import { useDesk } from './desk';

/** The server forgets a state after 30 s. */
const REPEAT_MS = 20_000;

/** Tells colleagues that this conversation is open here, and whether a reply is being written. */
export function usePresence(id: string, isTyping: boolean): void {
  const state = isTyping ? 'typing' : 'viewing';
  const isRefused = useRef(false);

  useEffect(() => {
    const tell = () => {
      if (isRefused.current || document.visibilityState !== 'visible') return;
      tellPresence(id, state).catch(() => {
        isRefused.current = true;
      });
    };
    tell();
    const timer = setInterval(tell, REPEAT_MS);
    return () => clearInterval(timer);
  }, [id, state]);

  useEffect(() => {
    return () => {
      if (!isRefused.current) void tellPresence(id, 'left').catch(() => undefined);
    };
  }, [id]);
}

/** The colleagues who have the conversation open, with what they do there. */
export function useOthers(id: string): { name: string; isTyping: boolean }[] {
  const { presence, members, me } = useDesk();
  return (presence[id] ?? []).flatMap(({ id: staff, state }) => {
    const name = members.find((member) => member.id === staff)?.name;
    return name && staff !== me.id ? [{ name, isTyping: state === 'typing' }] : [];
  });
}
