import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { ApiError } from '../api/client';
import type { Filters, Queue, QueueItem } from '../api/desk';
import { listConversations } from './calls';

const PAGE = 50;
const KEY = 'queue';

/**
 * A queue with its pages loaded so far, in the order of the server. Counts belong to the newest first page, whichever
 * queue it was read with.
 */
export function useQueue(filters: Filters) {
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: [KEY, filters],
    queryFn: async ({ pageParam }) => {
      const page = await listConversations(filters, pageParam, PAGE);
      if (pageParam === null) queries.setQueryData(['counts'], page.counts);
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isTemporary,
    staleTime: 0,
  });
  const items = useMemo(() => distinct(query.data?.pages.flatMap((page) => page.items) ?? []), [query.data]);
  const counts = query.data?.pages[0]?.counts ?? queries.getQueryData<Record<Queue, number>>(['counts']);
  // What is shown is at least as new as the oldest of its pages.
  const asOf = query.data?.pages.map((page) => page.as_of).reduce((oldest, next) => (next < oldest ? next : oldest));
  return { query, items, counts, asOf };
}

/** While pages are read, a conversation may move from one to the next. */
function distinct(items: QueueItem[]): QueueItem[] {
  const seen = new Set<string>();
  return items.filter(({ conversation_id: id }) => !seen.has(id) && seen.add(id));
}

export function useRefreshQueue() {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: [KEY] }), [queries]);
}
