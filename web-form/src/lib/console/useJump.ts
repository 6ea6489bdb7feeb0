import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeskConversation } from '../api/desk';
import { messageId } from './focus';
import { conversationKey, useOlderMessages } from './useConversation';

/** Longer than a dialog takes to give the focus back. */
const CLOSED_MS = 60;

/** Goes to a message of the open conversation; older ones are loaded until it is there. `leave` closes what covers it. */
export function useJump(id: string, leave: () => void) {
  const queries = useQueryClient();
  const { mutateAsync: loadOlder } = useOlderMessages(id);
  const [isLoading, setLoading] = useState(false);

  const jump = async (message: string) => {
    const known = () => queries.getQueryData<DeskConversation>(conversationKey(id));
    const isMissing = () => !known()?.messages.some((one) => one.id === message);
    setLoading(true);
    try {
      for (let before = known()?.older; before && isMissing(); before = known()?.older) await loadOlder(before);
    } finally {
      setLoading(false);
    }
    leave();
    setTimeout(() => {
      const card = document.getElementById(messageId(message));
      card?.scrollIntoView({ block: 'center' });
      card?.focus({ preventScroll: true });
    }, CLOSED_MS);
  };
  return { jump, isLoading };
}
