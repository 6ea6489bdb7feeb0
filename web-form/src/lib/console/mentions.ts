import type { StaffAccount } from '../api/types';

/** The unfinished mention before the caret: an `@` at the begin of a word, and up to two words of a name. */
const UNFINISHED = /(?:^|\s)@([^\s@]{0,40}(?: [^\s@]{1,40})?)$/;

/** What is typed of a mention, and where its `@` is; null if the caret is in none. */
export function unfinishedMention(text: string, caret: number): { typed: string; at: number } | null {
  const typed = UNFINISHED.exec(text.slice(0, caret))?.[1];
  return typed === undefined ? null : { typed, at: caret - typed.length - 1 };
}

/** The active accounts whose names a text has after an `@`; of two names that begin alike, the longer one counts. */
export function mentionedIn(text: string, members: StaffAccount[]): string[] {
  const byLength = members.filter(({ active }) => active).sort((a, b) => b.name.length - a.name.length);
  const found: string[] = [];
  let rest = text;
  for (const { id, name } of byLength) {
    const parts = rest.split(`@${name}`);
    if (parts.length > 1) found.push(id);
    rest = parts.join('\n');
  }
  return found;
}
