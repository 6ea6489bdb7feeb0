import { useCallback, useMemo, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { workTexts, type WorkTexts } from '@/texts/work';
import { answered, api, ApiError } from '../api/client';
import type { BulkBody, BulkResult, DeskConversation } from '../api/desk';
import { fill, plural } from '../fill';
import { useSite } from '../i18n';
import { forgetKey, idempotencyKey } from '../keys';
import { useDesk } from './desk';
import { refusalText } from './refusal';
import { useRefreshConversation } from './useConversation';
import { useRefreshQueue } from './useQueue';

/** Bulk actions, merges, splits and side conversations. Loaded with the dialogs that need them. */

type Key = { 'Idempotency-Key': string };

const at = (id: string) => ({ path: { id } });
/** The server undoes a bulk action for so long. */
const UNDO_MS = 60_000;

export function readSide(id: string) {
  return answered(api().GET('/staff/side/{id}', { params: at(id) }));
}

/** Files that were uploaded and not sent yet: a message that is sent again names the same ones. */
const uploaded = new WeakMap<File, string>();

const named = ({ name, size, lastModified }: File) => [name, size, lastModified];

/** Uploads files one after the other; returns their ids. */
async function upload(files: File[]): Promise<string[]> {
  const ids = [];
  for (const file of files) {
    const known = uploaded.get(file);
    if (known) {
      ids.push(known);
      continue;
    }
    const params = { query: { name: file.name } };
    // The type of a binary body is text in the generated types.
    const body = file as unknown as string;
    const headers = { 'Content-Type': file.type || 'application/octet-stream' };
    const { id } = await answered(api().POST('/staff/files', { params, body, headers, bodySerializer: () => file }));
    uploaded.set(file, id);
    ids.push(id);
  }
  return ids;
}

export function useWork() {
  const { texts, language } = useSite();
  const { t, toast, clearChosen } = useDesk();
  const queries = useQueryClient();
  const refreshQueue = useRefreshQueue();
  const refreshConversation = useRefreshConversation();
  const w = workTexts(language);
  const isBusy = useRef(false);
  const [isSending, setSending] = useState(false);

  const failed = useCallback(
    (error: unknown) => {
      const known = error instanceof ApiError && error.code ? why(w, error.code) : null;
      toast({ kind: 'danger', text: known ?? refusalText(error, t, texts) }, null);
    },
    [t, texts, toast, w],
  );

  return useMemo(() => {
    const settle = (...ids: string[]) => {
      void refreshQueue();
      for (const id of ids) void refreshConversation(id);
      for (const key of ['customer', 'past', 'side']) void queries.invalidateQueries({ queryKey: [key] });
    };
    /** Runs a request; null if it was refused, which is said. */
    const run = async <T,>(call: () => Promise<T>, ...ids: string[]): Promise<T | null> => {
      try {
        return await call();
      } catch (error) {
        failed(error);
        return null;
      } finally {
        settle(...ids);
      }
    };
    /** Runs a request once at a time, with a key: what was clicked twice or interrupted is done once. */
    const once = async <T,>(purpose: string, body: unknown, call: (header: Key) => Promise<T>, ...ids: string[]) => {
      if (isBusy.current) return null;
      isBusy.current = true;
      setSending(true);
      const key = `console.${purpose}`;
      const done = await run(() => call({ 'Idempotency-Key': idempotencyKey(key, body) }), ...ids);
      if (done) forgetKey(key);
      isBusy.current = false;
      setSending(false);
      return done;
    };
    const undoable = (text: string, undo: () => void, forMs?: number) =>
      toast({ kind: 'good', text, action: { text: t.undo, isUndo: true, run: undo } }, forMs);
    const leftAlone = ({ failed: left }: BulkResult) => {
      if (left.length === 0) return;
      const reason = left[0]?.code ?? '';
      const text = plural(w.leftAlone, left.length, language);
      const refused: Record<string, string> = t.refused;
      toast({ kind: 'info', text: fill(text, { why: why(w, reason) ?? refused[reason] ?? reason }) }, null);
    };

    const undoBulk = async (bulk: string, ids: string[]) => {
      const undone = await run(() => answered(api().POST('/staff/bulk/{id}/undo', { params: at(bulk), body: {} })), ...ids);
      if (!undone) return;
      toast({ kind: 'good', text: plural(w.undone, undone.done, language) });
      leftAlone(undone);
    };
    /** One action for many conversations, as they were listed at `asOf`. */
    const bulk = async (ids: string[], asOf: string, action: BulkBody['action'], params: Record<string, unknown>) => {
      const body = { action, params, ids, as_of: asOf };
      // The same request keeps its key: one that was interrupted goes on.
      const header = { 'Idempotency-Key': idempotencyKey('console.bulk', body) };
      const done = await run(() => answered(api().POST('/staff/bulk', { params: { header }, body: body as unknown as BulkBody })), ...ids);
      if (!done) return;
      forgetKey('console.bulk');
      clearChosen();
      const text = plural(w.done, done.done, language);
      if (action === 'hand_back' || done.done === 0) toast({ kind: done.done ? 'good' : 'info', text });
      else undoable(text, () => void undoBulk(done.bulk_id, ids), UNDO_MS);
      leftAlone(done);
    };

    const unmerge = async ({ conversation_id: id, ticket }: Pick<DeskConversation, 'conversation_id' | 'ticket'>) => {
      const done = await run(() => answered(api().POST('/staff/conversations/{id}/unmerge', { params: at(id), body: {} })), id);
      if (done) toast({ kind: 'good', text: fill(w.unmerged, { number: ticket.ticket_number }) });
    };
    const merge = async (on: DeskConversation, into: string, number: string) => {
      const id = on.conversation_id;
      const done = await run(() => answered(api().POST('/staff/conversations/{id}/merge', { params: at(id), body: { into } })), id, into);
      if (done) undoable(fill(w.merged, { number: on.ticket.ticket_number, into: number }), () => void unmerge(on));
      return done !== null;
    };
    const split = (id: string, messages: string[], subject: string) => {
      const body = { message_ids: messages, subject };
      const call = (header: Key) => answered(api().POST('/staff/conversations/{id}/split', { params: { ...at(id), header }, body }));
      return once(`split.${id}`, body, call, id);
    };
    const undoMerge = async (merged: string, ...ids: string[]) => {
      const done = await run(() => answered(api().POST('/staff/merges/{id}/undo', { params: at(merged), body: {} })), ...ids);
      if (done) toast({ kind: 'good', text: w.customerUnmerged });
    };
    const mergeCustomer = async (from: string, into: string, ...ids: string[]) => {
      const done = await run(() => answered(api().POST('/staff/customers/{id}/merge', { params: at(from), body: { into } })), ...ids);
      if (done) undoable(w.customerMerged, () => void undoMerge(done.merge_id, ...ids));
    };
    const openSide = async (id: string, mail: { to: string[]; subject: string; text: string }, chosen: File[]) => {
      const call = async (header: Key) => {
        const body = { ...mail, files: await upload(chosen) };
        return answered(api().POST('/staff/conversations/{id}/side', { params: { ...at(id), header }, body }));
      };
      const done = await once(`side.${id}`, [mail, chosen.map(named)], call, id);
      if (done) chosen.forEach((file) => uploaded.delete(file));
      if (done) toast({ kind: 'good', text: w.sideSent });
      return done !== null;
    };
    const writeSide = async (side: string, text: string, chosen: File[]) => {
      const call = async (header: Key) => {
        const body = { text, files: await upload(chosen) };
        return answered(api().POST('/staff/side/{id}/messages', { params: { ...at(side), header }, body }));
      };
      const done = await once(`side.${side}`, [text, chosen.map(named)], call);
      if (done) chosen.forEach((file) => uploaded.delete(file));
      if (done) toast({ kind: 'good', text: w.sideSent });
      return done !== null;
    };
    return { w, isSending, bulk, merge, unmerge, split, mergeCustomer, undoMerge, openSide, writeSide };
  }, [clearChosen, failed, isSending, language, queries, refreshConversation, refreshQueue, t, toast, w]);
}

function why(w: WorkTexts, code: string): string | null {
  return code in w.refused ? w.refused[code as keyof WorkTexts['refused']] : null;
}
