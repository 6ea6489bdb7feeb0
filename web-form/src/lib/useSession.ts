import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/router';
import { useCallback, useEffect } from 'react';
import { answered, api, ApiError, setCsrfToken } from './api/client';
import type { StaffSession } from './api/types';

const KEY = ['session'];

/** The session of the member of staff who is signed in; null without one. */
export function useSession() {
  return useQuery({
    queryKey: KEY,
    queryFn: async (): Promise<StaffSession | null> => {
      try {
        const session = await answered(api().GET('/staff/session'));
        setCsrfToken(session.csrf_token);
        return session;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    retry: (failures, error) => failures < 2 && error instanceof ApiError && error.isTemporary,
  });
}

/** Sends whoever is not signed in to the login page, and from there back to the address that they came to. */
export function useRequiredSession() {
  const session = useSession();
  const router = useRouter();
  const isOut = session.data === null;
  useEffect(() => {
    if (!isOut) return;
    const { search } = window.location;
    void router.replace(search ? `/console/login?next=${encodeURIComponent(search)}` : '/console/login');
  }, [isOut, router]);
  return session;
}

export function useSetSession() {
  const queries = useQueryClient();
  return useCallback(
    (session: StaffSession | null) => {
      setCsrfToken(session?.csrf_token ?? null);
      queries.setQueryData(KEY, session);
    },
    [queries],
  );
}
