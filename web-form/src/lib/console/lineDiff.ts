/** A line of a text, and whether it is only in the old or in the new one. */
export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** Longer texts are shown as replaced as a whole: the comparison takes the product of their lengths. */
const MAX_LINES = 1_000;

/** What differs between two texts, line by line (longest common subsequence). */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before.split('\n');
  const next = after.split('\n');
  if (old.length > MAX_LINES || next.length > MAX_LINES) {
    return [...old.map((text) => ({ kind: 'gone' as const, text })), ...next.map((text) => ({ kind: 'new' as const, text }))];
  }
  const width = next.length + 1;
  const common = new Uint16Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (j >= next.length || (i < old.length && at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: 'gone', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'new', text: next[j] ?? '' });
      j += 1;
    }
  }
  return lines;
}
