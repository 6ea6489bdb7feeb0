import { useEffect } from 'react';
import type { DeskConversation } from '../api/desk';
import { useDesk } from './desk';
import { isPublic } from './useConversation';

/** A message counts as read after it was in view for this time. */
const READ_MS = 600;

/**
 * Keeps which public message of a conversation was shown last: all that were there when it was opened, and later ones
 * once they are in view of a visible page. The server stops a reply that was written without a newer one. What was sent
 * meanwhile is known already, although the page does not show it yet; ids are in the order of time.
 */
export function useSeen(conversation: DeskConversation | undefined, isAtEnd: boolean): void {
  const { seen } = useDesk();
  const id = conversation?.conversation_id;
  const last = conversation?.messages.findLast(isPublic)?.id;

  useEffect(() => {
    if (!id || !last) return;
    if (!seen.current.has(id)) seen.current.set(id, last);
    if (!isAtEnd) return;
    const look = () => {
      if (document.visibilityState === 'visible' && last > (seen.current.get(id) ?? '')) seen.current.set(id, last);
    };
    const timer = setTimeout(look, READ_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [id, last, isAtEnd, seen]);
}
