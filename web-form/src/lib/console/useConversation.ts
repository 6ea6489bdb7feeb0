import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { ApiError } from '../api/client';
import type { ActionState, DeskConversation, DeskMessage, QueueItem, Turn } from '../api/desk';
import { joined } from '../joined';
import { pastConversations, readConversation, readCustomer } from './calls';

export const conversationKey = (id: string) => ['conversation', id];
const key = conversationKey;
const retry = (failures: number, error: Error) => failures < 2 && error instanceof ApiError && error.isTemporary;

/** A conversation with the messages loaded so far: the newest page, and older ones on request. */
export function useConversation(given: string | null) {
  const queries = useQueryClient();
  const id = given ?? '';
  return useQuery({
    queryKey: key(id),
    enabled: given !== null,
    queryFn: async (): Promise<DeskConversation> => {
      const newest = await readConversation(id);
      const known = queries.getQueryData<DeskConversation>(key(id));
      return known ? { ...joined(known, newest), turns: joinedTurns(known.turns, newest.turns) } : newest;
    },
    retry,
    staleTime: 0,
  });
}

/** Reads a conversation that is about to be opened, so that it is there at once. */
export function usePrefetch() {
  const queries = useQueryClient();
  return useCallback(
    (id: string) => void queries.prefetchQuery({ queryKey: key(id), queryFn: () => readConversation(id), staleTime: 10_000 }),
    [queries],
  );
}

/** Turns of older pages are kept; those of the newer answer replace what it covers. */
function joinedTurns(known: Turn[], fresh: Turn[]): Turn[] {
  const here = new Set(fresh.map(({ id }) => id));
  return [...known.filter(({ id }) => !here.has(id)), ...fresh];
}

export function useOlderMessages(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (before: string) => readConversation(id, before),
    onSuccess: (older) =>
      queries.setQueryData<DeskConversation>(key(id), (known) => {
        if (!known) return known;
        const here = new Set(known.messages.map((message) => message.id));
        const fresh = older.messages.filter((message) => !here.has(message.id));
        return {
          ...known,
          older: older.older,
          messages: [...fresh, ...known.messages],
          turns: joinedTurns(older.turns, known.turns),
        };
      }),
  });
}

/** Fetches a conversation again, and resolves when it is here. */
export function useRefreshConversation() {
  const queries = useQueryClient();
  return useCallback((id: string) => queries.invalidateQueries({ queryKey: key(id) }), [queries]);
}

/** Shows what an action has changed before the conversation is fetched again. */
export function useApply() {
  const queries = useQueryClient();
  return useCallback(
    ({ conversation_id: id, status, ticket_status, assignee }: ActionState) =>
      queries.setQueryData<DeskConversation>(key(id), (known) =>
        known && { ...known, status, assignee, ticket: { ...known.ticket, status: ticket_status } },
      ),
    [queries],
  );
}

export function useCustomer(id: string | undefined) {
  return useQuery({
    queryKey: ['customer', id],
    queryFn: () => readCustomer(id ?? ''),
    enabled: id !== undefined,
    retry,
    staleTime: 60_000,
  });
}

export function usePast(customer: string) {
  return useQuery({ queryKey: ['past', customer], queryFn: () => pastConversations(customer), retry, staleTime: 30_000 });
}

/** A message that customers can see, or will see: no note, and not taken back. */
export function isPublic({ kind, delivery_status: state }: DeskMessage): boolean {
  return kind !== 'note' && state !== 'withdrawn';
}

/** What to call the customer of a conversation, and the addresses by which its channel reaches them. */
export function useNames(conversation: DeskConversation | undefined, items: QueueItem[], unnamed: string) {
  const { data: customer } = useCustomer(conversation?.customer_id);
  return useMemo(() => {
    const item = items.find(({ conversation_id: id }) => id === conversation?.conversation_id);
    const here = conversation?.participants.filter(({ role }) => role === 'customer') ?? [];
    const kind = conversation?.channel === 'whatsapp' ? 'phone' : 'email';
    const all = [...here, ...(customer?.identifiers ?? [])].filter((one) => one.kind === kind).map(({ value }) => value);
    const name = customer?.name || item?.customer.name || here.find((one) => one.name)?.name || unnamed;
    return { customer: name, addresses: [...new Set(all)] };
  }, [conversation, customer, items, unnamed]);
}
