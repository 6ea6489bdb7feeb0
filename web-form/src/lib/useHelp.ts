import { useMutation, useQuery } from '@tanstack/react-query';
import { answered, api, ApiError } from './api/client';
import type { ArticleItem } from './api/types';

const PAGE = 100;
/** Documents change seldom; a reader who comes back within this time sees the same list. */
const STALE_MS = 5 * 60_000;

const retry = (failures: number, error: Error) => failures < 2 && error instanceof ApiError && error.isTemporary;

/** Every public article, over all pages of the list. */
export function useArticles() {
  return useQuery({
    queryKey: ['articles'],
    queryFn: async (): Promise<ArticleItem[]> => {
      const items: ArticleItem[] = [];
      let cursor: string | null | undefined;
      do {
        const query = cursor ? { limit: PAGE, cursor } : { limit: PAGE };
        const page = await answered(api().GET('/help/articles', { params: { query } }));
        items.push(...page.items);
        cursor = page.next_cursor;
      } while (cursor);
      return items;
    },
    staleTime: STALE_MS,
    retry,
  });
}

export function useArticle(id: string) {
  return useQuery({
    queryKey: ['article', id],
    queryFn: () => answered(api().GET('/help/articles/{id}', { params: { path: { id } } })),
    staleTime: STALE_MS,
    retry,
  });
}

export function useHelpSearch(query: string) {
  return useQuery({
    queryKey: ['help', query],
    queryFn: () => answered(api().GET('/help/search', { params: { query: { q: query } } })),
    enabled: query.length >= 2,
    staleTime: STALE_MS,
    retry,
  });
}

export function useHelpful(id: string) {
  return useMutation({
    mutationFn: (helpful: boolean) =>
      answered(api().POST('/help/articles/{id}/helpful', { params: { path: { id } }, body: { helpful } })),
    networkMode: 'always',
  });
}
