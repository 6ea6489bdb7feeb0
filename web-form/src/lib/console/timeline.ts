import type { DeskConversation, DeskMessage, Turn } from '../api/desk';

/** A line of the timeline: a message, with the turn that wrote it, or a turn that wrote nothing. */
export type Entry = { kind: 'message'; message: DeskMessage; turn: Turn | null } | { kind: 'turn'; turn: Turn };

/** Messages in the order of the server, and between them the turns that left no message. */
export function entries({ messages, turns, older }: DeskConversation): Entry[] {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const all: Entry[] = [];
  for (const message of messages) {
    const turn = message.turn_id ? byId.get(message.turn_id) : undefined;
    if (turn) byId.delete(turn.id);
    all.push({ kind: 'message', message, turn: turn ?? null });
  }
  // A turn of a page that is not loaded has no place yet.
  const first = messages[0] ? Date.parse(messages[0].created_at) : 0;
  const silent = [...byId.values()].map((turn) => ({ turn, start: Date.parse(turn.started_at) }));
  const shown = silent.filter(({ start }) => older === null || start >= first);
  for (const { turn, start } of shown.sort((a, b) => a.start - b.start)) {
    const at = all.findIndex((entry) => startOf(entry) > start);
    all.splice(at < 0 ? all.length : at, 0, { kind: 'turn', turn });
  }
  return all;
}

function startOf(entry: Entry): number {
  return Date.parse(entry.kind === 'message' ? entry.message.created_at : entry.turn.started_at);
}

/** The calendar day of a line in the reader's zone. */
export function dayOf(entry: Entry): string {
  return new Date(startOf(entry)).toDateString();
}
