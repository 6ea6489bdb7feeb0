import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api } from './api/client';
import { useSite } from './i18n';

const IDENTITY = ['identity'];
const TICKETS = ['own-tickets'];

/** Whether an address is proved in this browser, and whether one can be: another origin would get no cookie. */
export function useIdentity() {
  const { config } = useSite();
  return useQuery({
    queryKey: IDENTITY,
    queryFn: async () => {
      const isOwnOrigin = new URL(config.apiBase || '/', window.location.href).origin === window.location.origin;
      return isOwnOrigin ? answered(api().GET('/support/identity')) : { offered: false, email: null, expires_at: null };
    },
    staleTime: 60_000,
  });
}

/** Asks for a code; the answer tells nothing about the address. */
export function useCodeRequest() {
  return useMutation({
    mutationFn: (body: { email: string; language: string }) => answered(api().POST('/support/identity', { body })),
    networkMode: 'always',
  });
}

/** Proves the address by the code; what it opens is loaded again. */
export function useCode(proof: string, ticket?: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (code: string) =>
      answered(
        api().POST('/support/identity/{id}/code', {
          params: { path: { id: proof } },
          body: ticket ? { code, ticket_id: ticket } : { code },
        }),
      ),
    networkMode: 'always',
    onSuccess: async (identity) => {
      queries.setQueryData(IDENTITY, identity);
      await queries.invalidateQueries({ queryKey: TICKETS });
      if (ticket) await queries.invalidateQueries({ queryKey: ['ticket', ticket] });
    },
  });
}

/** Ends the session of this browser. */
export function useForget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api().DELETE('/support/identity')),
    networkMode: 'always',
    onSuccess: async () => {
      queries.removeQueries({ queryKey: TICKETS });
      await queries.invalidateQueries({ queryKey: IDENTITY });
      await queries.invalidateQueries({ queryKey: ['ticket'] });
    },
  });
}

/** The customer's tickets, page by page. */
export function useOwnTickets() {
  return useInfiniteQuery({
    queryKey: TICKETS,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      answered(api().GET('/support/tickets', { params: { query: pageParam ? { cursor: pageParam } : {} } })),
    getNextPageParam: (last) => last.next_cursor,
  });
}
