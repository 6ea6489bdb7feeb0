/** White space as the server trims it (Unicode White_Space), which differs from JavaScript's `trim` in U+FEFF. */
export function trimmed(text: string): string {
  return text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}

/** Characters, not UTF-16 units. */
export function characters(text: string): number {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

const BLANK =
  /[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\u2028-\u202e\u2800\ufff0-\ufffc\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/gu;

/** Whether a text has characters that can be seen (`src/domain/wording/characters.rs`). */
export function isVisible(text: string): boolean {
  return text.replace(BLANK, '') !== '';
}

/** The text as the server keeps it: without terminal sequences (ECMA-48) and other control characters. */
export function withoutControls(text: string): string {
  return text
    .replace(/(?:\x1b\[|\x9b)[ -?]*[@-~]?/g, '')
    .replace(/(?:\x1b[\]PX^_]|[\x90\x9d\x98\x9e\x9f])(?:[^\n\x07\x9c\x1b]*(?:[\x07\x9c]|\x1b[^]?))?/g, '')
    .replace(/\x1b(?:[()*+#% ][^]?|[0-~])?/g, '')
    .replace(/(?![\n\r\t])\p{Cc}/gu, '');
}
