import { useQuery } from '@tanstack/react-query';
import type { StaffAccount } from '../api/types';
import { listMembers } from './calls';

const NONE: StaffAccount[] = [];

/** The accounts of staff, for assigning and for names. */
export function useMembers(): StaffAccount[] {
  return useQuery({ queryKey: ['members'], queryFn: listMembers, staleTime: 5 * 60_000 }).data ?? NONE;
}
