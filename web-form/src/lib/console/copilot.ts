import { answered, api } from '../api/client';
import type { components } from '../api/schema';

/** The requests of what helps to write a reply: suggestions, summaries, canned replies, verdicts on answers of the bot. */

type Schemas = components['schemas'];
export type Suggestion = Schemas['SuggestionAnswer'];
export type CannedReply = Schemas['Macro'];
export type Summary = Schemas['ThreadSummary'];
export type ReplayedTurn = Schemas['ReplayedTurn'];

/** A canned reply as it is edited. */
export interface CannedReplyForm {
  name: string;
  text: string;
  shared: boolean;
  tags: string[];
}

const at = (id: string) => ({ path: { id } });

export function suggest(id: string, instruction: string): Promise<Suggestion> {
  const body = { instruction: instruction || undefined };
  return answered(api().POST('/staff/conversations/{id}/suggestion', { params: at(id), body }));
}

/** `renew`: also if there are newer messages than those that the kept summary covers. */
export function summarize(id: string, renew: boolean): Promise<Summary> {
  return answered(api().POST('/staff/conversations/{id}/summary', { params: at(id), body: { renew } }));
}

export function replayTurn(turn: string): Promise<ReplayedTurn> {
  return answered(api().GET('/staff/turns/{id}/replay', { params: at(turn) }));
}

export async function listCannedReplies(): Promise<CannedReply[]> {
  const { items } = await answered(api().GET('/staff/macros', {}));
  return items;
}

export function fillIn(id: string, conversation: string) {
  return answered(api().POST('/staff/macros/{id}/render', { params: at(id), body: { conversation_id: conversation } }));
}

export function saveCannedReply(id: string | null, { name, text, shared, tags }: CannedReplyForm): Promise<CannedReply> {
  // The document describes the actions as an object of any fields.
  const actions = { add_tags: tags } as unknown as Record<string, never>;
  const body = { name, text, shared, actions };
  return id
    ? answered(api().PUT('/staff/macros/{id}', { params: at(id), body }))
    : answered(api().POST('/staff/macros', { body }));
}

export function deleteCannedReply(id: string) {
  return answered(api().DELETE('/staff/macros/{id}', { params: at(id) }));
}

export function judge(message: string, verdict: 'wrong' | 'good', comment?: string) {
  return answered(api().POST('/staff/messages/{id}/feedback', { params: at(message), body: { verdict, comment: comment || undefined } }));
}
