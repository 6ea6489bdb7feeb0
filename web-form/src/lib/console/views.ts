import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import type { Filters, MoreFilters } from '../api/desk';
import type { components } from '../api/schema';
import type { Change } from './useAddress';

/** Saved views of the queue: the team's and one's own. */

type Schemas = components['schemas'];
export type SavedView = Schemas['QueueView'];
export type ViewForm = Schemas['ViewRequest'];

export const VIEWS = ['views'];
const at = (id: string) => ({ path: { id } });

/** All of them, page by page. */
async function listViews(): Promise<SavedView[]> {
  const views: SavedView[] = [];
  let cursor: string | undefined;
  do {
    const page = await answered(api().GET('/staff/views', { params: { query: { limit: 100, cursor } } }));
    views.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return views;
}

export function useViews() {
  return useQuery({
    queryKey: VIEWS,
    queryFn: listViews,
    staleTime: 30_000,
  });
}

export function saveView(id: string | null, body: ViewForm): Promise<SavedView> {
  return id ? answered(api().PUT('/staff/views/{id}', { params: at(id), body })) : answered(api().POST('/staff/views', { body }));
}

export function deleteView(id: string) {
  return answered(api().DELETE('/staff/views/{id}', { params: at(id) }));
}

/** The change of the address that shows a view. */
export function changeOf({ queue, sort, filters: { channel, severity, breached, ...others } }: SavedView): Change {
  const more = Object.fromEntries(Object.entries(others).filter(([, value]) => value)) as MoreFilters;
  return {
    queue,
    sort,
    channel: channel ?? null,
    severity: severity ?? null,
    breached: breached || null,
    more: Object.keys(more).length > 0 ? more : null,
  };
}

/** What is shown now, as a view without a name. */
export function viewOf({ queue, sort, channel, severity, breached, more }: Filters): ViewForm {
  return { name: '', shared: false, queue, sort, filters: { channel, severity, breached, ...more } as ViewForm['filters'] };
}
