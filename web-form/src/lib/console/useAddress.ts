import { useRouter } from 'next/router';
import { useCallback, useMemo } from 'react';
import { channels, type Filters, moreFilters, queues, severities, sorts } from '../api/desk';
import { useParam } from '../useParam';

/** What the address of the console says: the queue with its filter, and the open conversation. */
export interface Address {
  /** `undefined` until the exported page knows its address. */
  open: string | null | undefined;
  filters: Filters;
  hrefOf: (change: Change) => string;
  go: (change: Change) => void;
}

export type Change = { [K in keyof Filters]?: Filters[K] | null } & { c?: string | null };

export function useAddress(): Address {
  const router = useRouter();
  const open = useParam('c');
  const queue = oneOf(queues, useParam('queue')) ?? 'needs_me';
  const sort = oneOf(sorts, useParam('sort')) ?? 'due';
  const channel = oneOf(channels, useParam('channel'));
  const severity = oneOf(severities, useParam('severity'));
  const breached = useParam('breached') ? true : undefined;
  // The list is constant, and so is the order of the hooks.
  const others = JSON.stringify(moreFilters.map(useParam));
  const filters = useMemo((): Filters => {
    const given = (JSON.parse(others) as (string | null)[]).flatMap((value, n) => (value ? [[moreFilters[n], value]] : []));
    return { queue, sort, channel, severity, breached, more: given.length > 0 ? Object.fromEntries(given) : undefined };
  }, [queue, sort, channel, severity, breached, others]);

  const hrefOf = useCallback(
    (change: Change) => {
      const next = { ...filters, c: open, ...change };
      const query = new URLSearchParams();
      if (next.queue && next.queue !== 'needs_me') query.set('queue', next.queue);
      if (next.sort && next.sort !== 'due') query.set('sort', next.sort);
      if (next.channel) query.set('channel', next.channel);
      if (next.severity) query.set('severity', next.severity);
      if (next.breached) query.set('breached', 'true');
      for (const [name, value] of Object.entries(next.more ?? {})) query.set(name, value);
      if (next.c) query.set('c', next.c);
      const text = query.toString();
      return text ? `/console?${text}` : '/console';
    },
    [filters, open],
  );
  const go = useCallback((change: Change) => void router.push(hrefOf(change), undefined, { shallow: true }), [router, hrefOf]);
  return { open, filters, hrefOf, go };
}

function oneOf<T extends string>(values: readonly T[], given: string | null | undefined): T | undefined {
  return values.find((value) => value === given);
}
