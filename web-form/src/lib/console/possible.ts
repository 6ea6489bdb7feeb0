import type { DeskConversation } from '../api/desk';

/** From more messages than these a thread is long. */
const LONG = 12;

/** Which actions the state of a conversation allows (API-STAFF, section 11). */
export function possible(
  { status, ticket, assignee, snoozed_until: snoozed, messages, older, watchers }: DeskConversation,
  me: string,
) {
  const isClosed = ticket.status === 'closed';
  const isResolved = ticket.status === 'resolved';
  const isOpen = !isClosed && !isResolved;
  const isMine = assignee?.id === me;
  const isWatched = watchers.some(({ id }) => id === me);
  return {
    reply: !isClosed,
    claim: isOpen && !isMine,
    release: isOpen && isMine && status === 'escalated',
    assign: isOpen,
    resolve: isOpen,
    reopen: isResolved,
    snooze: isOpen && !snoozed,
    wake: isOpen && snoozed !== null,
    watch: !isClosed && !isWatched,
    unwatch: isWatched,
    handBack: isOpen && status === 'escalated',
    rearrange: !isClosed,
    summarize: older !== null || messages.filter(({ kind }) => kind !== 'note').length > LONG,
  };
}
