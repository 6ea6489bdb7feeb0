import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api, ApiError } from './api/client';
import type { Message, TicketPage } from './api/types';
import { joined } from './joined';
import { forgetKey, idempotencyKey } from './keys';

const key = (id: string) => ['ticket', id];

const page = (id: string, before?: string) =>
  answered(api().GET('/support/ticket/{id}', { params: { path: { id }, query: before ? { before } : {} } }));

/** A ticket with the messages loaded so far: the newest page, and older ones on request. */
export function useTicket(id: string) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: key(id),
    queryFn: async (): Promise<TicketPage> => {
      const newest = await page(id);
      const known = queries.getQueryData<TicketPage>(key(id));
      return known ? joined(known, newest) : newest;
    },
    // A ticket that does not exist will not appear; anything else may pass.
    retry: (failures, error) => failures < 3 && error instanceof ApiError && error.isTemporary,
    staleTime: 0,
  });
}

export function useOlder(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (before: string) => page(id, before),
    onSuccess: (older) =>
      queries.setQueryData<TicketPage>(key(id), (known) => {
        if (!known) return known;
        const here = new Set(known.messages.map((message) => message.id));
        const fresh = older.messages.filter((message) => !here.has(message.id));
        return { ...known, older: older.older, messages: [...fresh, ...known.messages] };
      }),
  });
}

/** Fetches the ticket again, and resolves when it is here. */
export function useRefresh(id: string) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key(id) });
}

export function useFollowUp(id: string) {
  const refresh = useRefresh(id);
  return useMutation({
    mutationFn: async (message: string) => {
      const purpose = `message.${id}`;
      const header = { 'Idempotency-Key': idempotencyKey(purpose, message) };
      const call = api().POST('/support/ticket/{id}/messages', { params: { path: { id }, header }, body: { message } });
      const receipt = await answered(call);
      forgetKey(purpose);
      return receipt;
    },
    retry: (failures, error) =>
      failures < 2 && error instanceof ApiError && error.isTemporary && error.status !== 429 && navigator.onLine,
    retryDelay: (failures) => 700 * 2 ** failures,
    networkMode: 'always',
    onSuccess: refresh,
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) void refresh();
    },
  });
}

export function usePerson(id: string) {
  const refresh = useRefresh(id);
  return useMutation({
    mutationFn: () => answered(api().POST('/support/ticket/{id}/human', { params: { path: { id } }, body: {} })),
    networkMode: 'always',
    onSuccess: refresh,
  });
}

export function useRating(id: string) {
  const refresh = useRefresh(id);
  return useMutation({
    mutationFn: (rating: { score: number; comment?: string }) =>
      answered(api().POST('/support/ticket/{id}/rating', { params: { path: { id } }, body: rating })),
    networkMode: 'always',
    onSuccess: refresh,
  });
}

/** Whether the agent or staff have written more than an acknowledgement. */
export function isAnswered(messages: Message[]): boolean {
  return messages.some(({ role, kind }) => role !== 'customer' && kind === 'message');
}
