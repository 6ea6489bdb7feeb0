import { answered, api } from '../api/client';
import type {
  ActionState,
  Claimed,
  DeskConversation,
  DeskCustomer,
  Draft,
  Filters,
  Found,
  PatchBody,
  Presence,
  QueuePage,
  Replied,
  ReplyBody,
} from '../api/desk';
import type { StaffAccount } from '../api/types';
import { forgetKey, idempotencyKey } from '../keys';

/** The requests of the console. Each throws an `ApiError` when the server refuses it. */

interface Init {
  params?: { path?: Record<string, string>; query?: Record<string, string | number | boolean>; header?: Record<string, string> };
  body?: unknown;
}
type Call = <T>(path: string, init: Init) => Promise<{ data?: T; error?: unknown; response: Response }>;
type Client = Record<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', Call>;

const client = () => api() as unknown as Client;
const at = (id: string) => ({ path: { id } });

export function listConversations({ queue, sort, channel, severity }: Filters, cursor: string | null, limit: number): Promise<QueuePage> {
  const query = {
    queue,
    sort,
    limit,
    ...(channel ? { channel } : {}),
    ...(severity ? { severity } : {}),
    ...(cursor ? { cursor } : {}),
  };
  return answered(client().GET<QueuePage>('/staff/conversations', { params: { query } }));
}

export function pastConversations(customer: string): Promise<QueuePage> {
  const query = { queue: 'all', sort: '-last_message', customer_id: customer, limit: 20 };
  return answered(client().GET<QueuePage>('/staff/conversations', { params: { query } }));
}

export function readConversation(id: string, before?: string, limit?: number): Promise<DeskConversation> {
  const query = { ...(before ? { before } : {}), ...(limit ? { limit } : {}) };
  return answered(client().GET<DeskConversation>('/conversations/{id}', { params: { ...at(id), query } }));
}

export function readCustomer(id: string): Promise<DeskCustomer> {
  return answered(client().GET<DeskCustomer>('/staff/customers/{id}', { params: at(id) }));
}

export async function listMembers(): Promise<StaffAccount[]> {
  const { items } = await answered(client().GET<{ items: StaffAccount[] }>('/staff/members', { params: { query: { limit: 100 } } }));
  return items;
}

export function search(q: string): Promise<{ items: Found[] }> {
  return answered(client().GET<{ items: Found[] }>('/staff/search', { params: { query: { q } } }));
}

function act<T>(id: string, action: string, body: unknown): Promise<T> {
  return answered(client().POST<T>(`/staff/conversations/{id}/${action}`, { params: at(id), body }));
}

export const claim = (id: string, force?: boolean) => act<Claimed>(id, 'claim', force ? { force } : {});
export const release = (id: string) => act<ActionState>(id, 'release', {});
export const assign = (id: string, staff: string, force?: boolean) =>
  act<Claimed>(id, 'assign', { staff_id: staff, ...(force ? { force } : {}) });
export const resolve = (id: string, seenThrough: string) => act<ActionState>(id, 'resolve', { seen_through: seenThrough });
export const reopen = (id: string) => act<Claimed>(id, 'reopen', {});
export const snooze = (id: string, until: string) => act<ActionState>(id, 'snooze', { until });
export const handBack = (id: string, instruction: string) => act<ActionState>(id, 'hand_back', instruction ? { instruction } : {});

export function wake(id: string): Promise<ActionState> {
  return answered(client().DELETE<ActionState>('/staff/conversations/{id}/snooze', { params: at(id) }));
}

export function patch(id: string, body: PatchBody): Promise<ActionState> {
  return answered(client().PATCH<ActionState>('/staff/conversations/{id}', { params: at(id), body }));
}

/** A text that must be stored once, whatever happens to the connection: the same body keeps its key. */
async function once<T>(id: string, action: string, body: unknown): Promise<T> {
  const purpose = `${action}.${id}`;
  const header = { 'Idempotency-Key': idempotencyKey(purpose, body) };
  const answer = await answered(client().POST<T>(`/staff/conversations/{id}/${action}`, { params: { ...at(id), header }, body }));
  forgetKey(purpose);
  return answer;
}

export const reply = (id: string, body: ReplyBody) => once<Replied>(id, 'reply', body);
export const addNote = (id: string, text: string) => once<{ message_id: string }>(id, 'note', { text });

export function cancelMessage(message: string): Promise<{ text: string; state: ActionState }> {
  return answered(client().POST<{ text: string; state: ActionState }>('/staff/messages/{id}/cancel', { params: at(message), body: {} }));
}

export function resend(delivery: string, to?: string): Promise<{ delivery_id: string }> {
  const body = to ? { to } : {};
  return answered(client().POST<{ delivery_id: string }>('/staff/deliveries/{id}/resend', { params: at(delivery), body }));
}

export function retryParked(parked: string): Promise<unknown> {
  return answered(client().POST<unknown>('/staff/parked/{id}/retry', { params: at(parked), body: {} }));
}

export function readDraft(id: string): Promise<Draft> {
  return answered(client().GET<Draft>('/staff/conversations/{id}/draft', { params: at(id) }));
}

export function writeDraft(id: string, draft: Draft): Promise<Draft> {
  return answered(client().PUT<Draft>('/staff/conversations/{id}/draft', { params: at(id), body: draft }));
}

export function deleteDraft(id: string): Promise<unknown> {
  return answered(client().DELETE<unknown>('/staff/conversations/{id}/draft', { params: at(id) }));
}

export function tellPresence(id: string, state: Presence['staff'][number]['state']): Promise<unknown> {
  return answered(client().POST<unknown>('/staff/presence', { params: {}, body: { conversation_id: id, state } }));
}
