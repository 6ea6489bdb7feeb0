import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api } from './api/client';
import type { components } from './api/schema';
import { daysBefore, today } from './useNumbers';

type Schemas = components['schemas'];
export type ReplyToReview = Schemas['ReplyToReview'];
export type ScoreSummary = Schemas['ScoreSummary'];
type ReviewBody = Schemas['ReviewRequest'];

export const questions = ['grounded', 'complete', 'tone', 'policy'] as const;
export type Question = (typeof questions)[number];
export type Author = 'both' | Schemas['ReplyAuthor'];

/** The results are of so many days. */
const RESULT_DAYS = 90;
export const resultRange = () => ({ from: daysBefore(today(), RESULT_DAYS), to: today() });

/** A random reply, null where there is none; `next` draws another one. */
export function useSample(author: Author, days: number) {
  const [drawn, setDrawn] = useState(0);
  const query = useQuery({
    queryKey: ['sample', author, days, drawn],
    queryFn: async (): Promise<ReplyToReview | null> => {
      const chosen = author === 'both' ? undefined : author;
      const { items } = await answered(api().GET('/staff/quality/sample', { params: { query: { author: chosen, days, limit: 1 } } }));
      return items[0] ?? null;
    },
    // Drawing again would take away what is being read.
    staleTime: Infinity,
    gcTime: 0,
  });
  return { query, next: () => setDrawn((now) => now + 1) };
}

export function useSaveReview() {
  const queries = useQueryClient();
  return async (body: ReviewBody) => {
    // Sent again, a scorecard takes the place of itself.
    const saved = await answered(api().POST('/staff/quality/reviews', { body }));
    void queries.invalidateQueries({ queryKey: ['quality'] });
    return saved;
  };
}

export function useResults() {
  return useQuery({
    queryKey: ['quality', 'results'],
    queryFn: () => answered(api().GET('/staff/quality', { params: { query: resultRange() } })) as Promise<Schemas['QualityDocument']>,
  });
}

export function useReviews() {
  return useInfiniteQuery({
    queryKey: ['quality', 'reviews'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      answered(
        api().GET('/staff/quality/reviews', { params: { query: { ...resultRange(), limit: 20, cursor } } }),
      ) as Promise<Schemas['ReviewList']>,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
