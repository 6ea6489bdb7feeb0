import { useMemo } from 'react';
import type { ActionState, DeskConversation, PatchBody, Person } from '../api/desk';
import { fill } from '../fill';
import { useSite } from '../i18n';
import { dateTime } from '../time';
import * as calls from './calls';
import { useDesk } from './desk';
import { claimedBy, refusalText } from './refusal';
import { isPublic, useApply, useRefreshConversation } from './useConversation';
import { useRefreshQueue } from './useQueue';

/** What an action needs to know of a conversation. */
export type Target = Pick<DeskConversation, 'conversation_id' | 'ticket' | 'assignee' | 'tags' | 'severity' | 'snoozed_until'> &
  Partial<Pick<DeskConversation, 'messages'>>;

export type Actions = ReturnType<typeof useActions>;

/** What staff can do with a conversation. Each says what it did, and offers the way back. */
export function useActions() {
  const { texts, language } = useSite();
  const { t, toast, keepReceipt, seen } = useDesk();
  const apply = useApply();
  const refreshConversation = useRefreshConversation();
  const refreshQueue = useRefreshQueue();

  return useMemo(() => {
    const settle = (id: string) => {
      void refreshQueue();
      void refreshConversation(id);
    };
    const failed = (error: unknown, again?: () => void) => {
      const text = refusalText(error, t, texts);
      toast({ kind: 'danger', text, ...(claimedBy(error) && again ? { action: { text: t.takeOver, run: again } } : {}) }, null);
    };
    /** Runs an action; what it answers is shown at once. Null if it was refused. */
    const run = async <T extends ActionState>(id: string, call: () => Promise<T>, again?: () => void): Promise<T | null> => {
      try {
        const state = await call();
        apply(state);
        return state;
      } catch (error) {
        failed(error, again);
        return null;
      } finally {
        settle(id);
      }
    };
    const undoable = (text: string, undo: () => void) => toast({ kind: 'good', text, action: { text: t.undo, isUndo: true, run: undo } });
    const number = ({ ticket }: Target) => ({ number: ticket.ticket_number });

    const claim = async (on: Target, force?: boolean): Promise<void> => {
      const id = on.conversation_id;
      const done = await run(id, () => calls.claim(id, force), () => void claim(on, true));
      if (done) keepReceipt(id, done.receipt);
    };
    const release = async (on: Target): Promise<void> => {
      const id = on.conversation_id;
      if (await run(id, () => calls.release(id))) undoable(fill(t.released, number(on)), () => void claim(on));
    };
    const assign = async (on: Target, to: Person, force?: boolean): Promise<void> => {
      const id = on.conversation_id;
      const before = on.assignee;
      const done = await run(id, () => calls.assign(id, to.id, force), () => void assign(on, to, true));
      if (!done) return;
      keepReceipt(id, done.receipt);
      const undo = () => void (before ? assign({ ...on, assignee: to }, before, true) : release(on));
      undoable(fill(t.assigned, { ...number(on), name: to.name }), undo);
    };
    const reopen = async (on: Target): Promise<void> => {
      const id = on.conversation_id;
      const done = await run(id, () => calls.reopen(id));
      if (done) keepReceipt(id, done.receipt);
    };
    const resolve = async (on: Target): Promise<boolean> => {
      const id = on.conversation_id;
      const through = seen.current.get(id) ?? on.messages?.findLast(isPublic)?.id;
      if (!through) return false;
      const done = await run(id, () => calls.resolve(id, through));
      if (done) undoable(fill(t.resolvedDone, number(on)), () => void reopen(on));
      return done !== null;
    };
    const wake = async (on: Target): Promise<void> => {
      const id = on.conversation_id;
      await run(id, () => calls.wake(id));
    };
    const snooze = async (on: Target, until: Date): Promise<void> => {
      const id = on.conversation_id;
      const time = dateTime(until.toISOString(), language);
      if (await run(id, () => calls.snooze(id, until.toISOString()))) {
        undoable(fill(t.snoozedDone, { ...number(on), time }), () => void wake(on));
      }
    };
    const watch = async (on: Target): Promise<void> => {
      const id = on.conversation_id;
      if (await run(id, () => calls.watch(id))) undoable(fill(t.watchedNow, number(on)), () => void unwatch(on));
    };
    const unwatch = async (on: Target): Promise<void> => {
      const id = on.conversation_id;
      if (await run(id, () => calls.unwatch(id))) undoable(fill(t.unwatched, number(on)), () => void watch(on));
    };
    const handBack = async (on: Target, instruction: string): Promise<boolean> => {
      const id = on.conversation_id;
      const done = await run(id, () => calls.handBack(id, instruction));
      if (done) {
        keepReceipt(id, null);
        undoable(fill(t.handedBack, number(on)), () => void claim(on));
      }
      return done !== null;
    };
    /** Changes priority, severity or tags; `back` is the change that restores what was there. */
    const change = async (on: Target, body: PatchBody, back: PatchBody | null): Promise<void> => {
      const id = on.conversation_id;
      const done = await run(id, () => calls.patch(id, body));
      if (done && back) undoable(fill(t.changed, number(on)), () => void change(on, back, null));
    };
    const other = async (id: string, call: () => Promise<unknown>, text: string): Promise<void> => {
      try {
        await call();
        toast({ kind: 'good', text });
      } catch (error) {
        failed(error);
      }
      settle(id);
    };
    const resend = (id: string, delivery: string, to?: string) => other(id, () => calls.resend(delivery, to), t.resent);
    const retryParked = (id: string, parked: string) => other(id, () => calls.retryParked(parked), t.retried);

    return { claim, release, assign, reopen, resolve, wake, snooze, watch, unwatch, handBack, change, resend, retryParked, settle };
  }, [apply, keepReceipt, language, refreshConversation, refreshQueue, seen, t, texts, toast]);
}

