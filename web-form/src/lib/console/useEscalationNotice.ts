import { useCallback } from 'react';
import type { WatchCause } from '../api/desk';
import { fill } from '../fill';
import { readConversation } from './calls';
import { useDesk } from './desk';

/** Tells of an escalation, a mention, or what happened where one watches: on the page, and by a notification of the device where that is allowed. */
export function useEscalationNotice(open: string | null | undefined, show: (conversation: string) => void) {
  const { t, toast, me } = useDesk();

  const announce = useCallback(
    (id: string, text: string, body: string) => {
      if (id !== open) toast({ kind: 'info', text, action: { text: t.show, run: () => show(id) } }, 20_000);
      if (document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return;
      const notification = new Notification(text, { body, tag: id });
      notification.onclick = () => {
        window.focus();
        show(id);
      };
    },
    [open, show, t, toast],
  );

  const tell = useCallback(
    async (id: string) => {
      const conversation = await readConversation(id, undefined, 1).catch(() => null);
      if (!conversation || conversation.status !== 'escalated' || conversation.assignee) return;
      const { ticket, reason } = conversation;
      announce(id, fill(t.escalated, { number: ticket.ticket_number, reason: reason ? t.reason[reason] : ticket.subject }), ticket.subject);
    },
    [announce, t],
  );

  const tellMention = useCallback(
    async (id: string, note: string) => {
      const conversation = await readConversation(id).catch(() => null);
      if (!conversation || conversation.messages.some((message) => message.id === note && message.author?.id === me.id)) return;
      announce(id, fill(t.mentioned, { number: conversation.ticket.ticket_number }), conversation.ticket.subject);
    },
    [announce, me.id, t],
  );

  const tellWatched = useCallback(
    async (id: string, cause: WatchCause) => {
      const conversation = await readConversation(id, undefined, 1).catch(() => null);
      // Of an escalation that no one has claimed, everyone is told.
      if (!conversation || (cause === 'escalation' && conversation.status === 'escalated' && !conversation.assignee)) return;
      announce(id, fill(t.watched[cause], { number: conversation.ticket.ticket_number }), conversation.ticket.subject);
    },
    [announce, t],
  );

  const ask = useCallback(async () => {
    const permission = 'Notification' in window ? await Notification.requestPermission() : 'denied';
    const isAllowed = permission === 'granted';
    toast({ kind: isAllowed ? 'good' : 'danger', text: isAllowed ? t.notificationsOn : t.notificationsRefused });
  }, [t, toast]);
  return { tell, tellMention, tellWatched, ask };
}
