import { useEffect, useState } from 'react';
import { ApiError } from '../api/client';
import type { Channel, DeskConversation, DeskMessage, Person, ReplyBody } from '../api/desk';
import { fill } from '../fill';
import { useSite } from '../i18n';
import * as calls from './calls';
import { useDesk } from './desk';
import { claimedBy, refusalText, unseenMessages } from './refusal';
import { isPublic, useApply } from './useConversation';
import type { Actions } from './useActions';

/** How long a reply waits unless its author says otherwise, by channel; a message on WhatsApp leaves at once. */
export const DELAY_SECONDS: Record<Channel, number> = { email: 10, web_form: 10, whatsapp: 0 };

/** Why a reply was not sent. */
export type Stopped =
  | { why: 'unseen'; messages: DeskMessage[]; body: ReplyBody }
  | { why: 'claimed'; by: Person; body: ReplyBody }
  | { why: 'failed'; text: string };

/** Takes a reply back before it leaves; its text returns to the field. */
export function useTakeBack(settle: Actions['settle']) {
  const { texts } = useSite();
  const { t, toast, restore } = useDesk();
  const apply = useApply();
  return async (id: string, message: string) => {
    try {
      const { text, state } = await calls.cancelMessage(message);
      apply(state);
      restore({ id, text });
    } catch (error) {
      toast({ kind: 'danger', text: refusalText(error, t, texts) }, null);
    }
    settle(id);
  };
}

/** Sends replies with the guard: what was not shown yet stops them. */
export function useReply(conversation: DeskConversation, settle: Actions['settle']) {
  const { texts } = useSite();
  const { t, toast, keepReceipt, seen } = useDesk();
  const apply = useApply();
  const takeBack = useTakeBack(settle);
  const [isSending, setSending] = useState(false);
  const [stopped, setStopped] = useState<Stopped | null>(null);
  const [suggestion, setSuggestion] = useState<string | null>(null);
  const id = conversation.conversation_id;
  useEffect(() => setStopped(null), [id]);

  const send = async (body: ReplyBody): Promise<boolean> => {
    if (isSending) return false;
    setSending(true);
    setStopped(null);
    try {
      const { message_id: message, send_at, state, receipt } = await calls.reply(id, body);
      apply(state);
      seen.current.set(id, message);
      setSuggestion(null);
      if (receipt.result !== 'none') keepReceipt(id, receipt);
      const left = Date.parse(send_at) - Date.now();
      const text = fill(body.then ? t.replySentResolved : t.replySent, { number: conversation.ticket.ticket_number });
      if (left > 0) toast({ kind: 'good', text, action: { text: t.undo, isUndo: true, run: () => void takeBack(id, message) } }, left);
      else toast({ kind: 'good', text });
      return true;
    } catch (error) {
      const messages = unseenMessages(error);
      const by = claimedBy(error);
      // What was suggested before a newer message is sent as a reply like any other.
      if (messages || (error instanceof ApiError && error.code === 'suggestion_retired')) setSuggestion(null);
      if (messages) setStopped({ why: 'unseen', messages, body });
      else if (by) setStopped({ why: 'claimed', by, body });
      else setStopped({ why: 'failed', text: refusalText(error, t, texts) });
      return false;
    } finally {
      setSending(false);
      settle(id);
    }
  };

  /** The body of a new reply; null while nothing of the conversation was shown. */
  const bodyOf = (text: string, delay: number, then?: 'resolve'): ReplyBody | null => {
    const through = seen.current.get(id) ?? conversation.messages.findLast(isPublic)?.id;
    if (!through) return null;
    return { text, seen_through: through, send_after_seconds: delay, ...(then && { then }), ...(suggestion && { suggestion_id: suggestion }) };
  };

  /** Sends what was stopped, now that the reader knows why. `text` is what the reply says by now. */
  const insist = (text: string): Promise<boolean> => {
    if (stopped?.why === 'unseen') {
      const last = stopped.messages.at(-1)?.id ?? stopped.body.seen_through;
      seen.current.set(id, last);
      return send({ ...stopped.body, text, seen_through: last, suggestion_id: undefined });
    }
    if (stopped?.why === 'claimed') return send({ ...stopped.body, text, force: true });
    return Promise.resolve(false);
  };

  return { send, insist, bodyOf, isSending, stopped, setSuggestion };
}
