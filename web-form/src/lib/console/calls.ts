import { answered, api } from '../api/client';
import type { Filters, PatchBody, ReplyBody } from '../api/desk';
import { forgetKey, idempotencyKey } from '../keys';

/** The requests of the console. Each throws an `ApiError` when the server refuses it. */

const at = (id: string) => ({ path: { id } });

export function listConversations({ queue, sort, channel, severity, breached, more }: Filters, cursor: string | null, limit: number) {
  // The address may name anything; the server refuses what is no filter.
  const query = { ...(more as object), queue, sort, limit, channel, severity, breached, cursor: cursor ?? undefined };
  return answered(api().GET('/staff/conversations', { params: { query } }));
}

export function pastConversations(customer: string) {
  const query = { queue: 'all' as const, sort: '-last_message' as const, customer_id: customer, limit: 20 };
  return answered(api().GET('/staff/conversations', { params: { query } }));
}

export function readConversation(id: string, before?: string, limit?: number) {
  return answered(api().GET('/conversations/{id}', { params: { ...at(id), query: { before, limit } } }));
}

export function readCustomer(id: string) {
  return answered(api().GET('/staff/customers/{id}', { params: at(id) }));
}

export async function listMembers() {
  const { items } = await answered(api().GET('/staff/members', { params: { query: { limit: 100 } } }));
  return items;
}

export function search(q: string) {
  return answered(api().GET('/staff/search', { params: { query: { q } } }));
}

export function claim(id: string, force?: boolean) {
  return answered(api().POST('/staff/conversations/{id}/claim', { params: at(id), body: { force } }));
}

export function release(id: string) {
  return answered(api().POST('/staff/conversations/{id}/release', { params: at(id), body: {} }));
}

export function assign(id: string, staff: string, force?: boolean) {
  return answered(api().POST('/staff/conversations/{id}/assign', { params: at(id), body: { staff_id: staff, force } }));
}

export function resolve(id: string, seenThrough: string) {
  return answered(api().POST('/staff/conversations/{id}/resolve', { params: at(id), body: { seen_through: seenThrough } }));
}

export function reopen(id: string) {
  return answered(api().POST('/staff/conversations/{id}/reopen', { params: at(id), body: {} }));
}

export function snooze(id: string, until: string) {
  return answered(api().POST('/staff/conversations/{id}/snooze', { params: at(id), body: { until } }));
}

export function wake(id: string) {
  return answered(api().DELETE('/staff/conversations/{id}/snooze', { params: at(id) }));
}

export function watch(id: string) {
  return answered(api().POST('/staff/conversations/{id}/watch', { params: at(id), body: {} }));
}

export function unwatch(id: string) {
  return answered(api().DELETE('/staff/conversations/{id}/watch', { params: at(id) }));
}

export function handBack(id: string, instruction: string) {
  return answered(api().POST('/staff/conversations/{id}/hand_back', { params: at(id), body: { instruction: instruction || undefined } }));
}

export function patch(id: string, body: PatchBody) {
  return answered(api().PATCH('/staff/conversations/{id}', { params: at(id), body }));
}

/** Stores a text once, whatever happens to the connection: the same body keeps its key. */
async function once<T>(purpose: string, body: unknown, call: (header: { 'Idempotency-Key': string }) => Promise<T>): Promise<T> {
  const answer = await call({ 'Idempotency-Key': idempotencyKey(purpose, body) });
  forgetKey(purpose);
  return answer;
}

export function reply(id: string, body: ReplyBody) {
  return once(`reply.${id}`, body, (header) =>
    answered(api().POST('/staff/conversations/{id}/reply', { params: { ...at(id), header }, body })),
  );
}

export function addNote(id: string, text: string, mentions: string[]) {
  const body = { text, mentions };
  return once(`note.${id}`, body, (header) =>
    answered(api().POST('/staff/conversations/{id}/note', { params: { ...at(id), header }, body })),
  );
}

export function cancelMessage(message: string) {
  return answered(api().POST('/staff/messages/{id}/cancel', { params: at(message), body: {} }));
}

export function resend(delivery: string, to?: string) {
  return answered(api().POST('/staff/deliveries/{id}/resend', { params: at(delivery), body: { to } }));
}

export function retryParked(parked: string) {
  return answered(api().POST('/staff/parked/{id}/retry', { params: at(parked), body: {} }));
}

export function readDraft(id: string) {
  return answered(api().GET('/staff/conversations/{id}/draft', { params: at(id) }));
}

export function writeDraft(id: string, draft: { text: string; revision: number }) {
  return answered(api().PUT('/staff/conversations/{id}/draft', { params: at(id), body: draft }));
}

export function deleteDraft(id: string) {
  return answered(api().DELETE('/staff/conversations/{id}/draft', { params: at(id) }));
}

export function tellPresence(id: string, state: 'viewing' | 'typing' | 'left') {
  return answered(api().POST('/staff/presence', { body: { conversation_id: id, state } }));
}
