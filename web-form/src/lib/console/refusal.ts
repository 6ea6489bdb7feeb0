import type { DeskTexts } from '@/texts/desk';
import type { Catalogue } from '@/texts';
import { ApiError } from '../api/client';
import type { DeskMessage, Person } from '../api/desk';
import { failureText } from '../failure';
import { fill } from '../fill';

/** What a refusal carries besides its code. */
interface Extras {
  assignee?: Person | null;
  unseen?: DeskMessage[];
}

function extras(error: ApiError): Extras {
  return error.problem as Extras;
}

/** Who has claimed the conversation, if that is why an action was refused. */
export function claimedBy(error: unknown): Person | null {
  return error instanceof ApiError && error.code === 'claimed' ? (extras(error).assignee ?? { id: '', name: '?' }) : null;
}

/** The messages that were not shown yet, if that is why an action was refused. */
export function unseenMessages(error: unknown): DeskMessage[] | null {
  return error instanceof ApiError && error.code === 'unseen_messages' ? (extras(error).unseen ?? []) : null;
}

/** A refused or failed action in the reader's language. */
export function refusalText(error: unknown, t: DeskTexts, texts: Catalogue): string {
  if (!(error instanceof ApiError)) return failureText(error, texts);
  const who = claimedBy(error);
  if (who) return fill(t.refused.claimed, { name: who.name });
  const known = error.code && error.code in t.refused ? t.refused[error.code as keyof DeskTexts['refused']] : null;
  if (known) return known;
  if (error.status === 403) return t.refused.forbidden;
  if (error.status === 404) return t.refused.gone;
  const [problem] = error.problem.errors ?? [];
  if (error.status === 422 && problem) return `${problem.field}: ${problem.message}`;
  return failureText(error, texts);
}
