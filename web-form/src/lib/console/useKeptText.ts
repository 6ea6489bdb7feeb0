import { type Dispatch, type SetStateAction, useEffect, useRef, useState } from 'react';
import { useDraft } from '../draft';
import { read, write } from '../storage';

/** The key of what an account writes in a conversation: another account in this browser has another one. */
export function keptKey(kind: 'draft' | 'note', staff: string, conversation: string): string {
  return `${kind}.console.${staff}.${conversation}`;
}

/** A text that is kept on this device while it is written, also when its field goes away in the middle of a word. */
export function useKeptText(key: string): [string, Dispatch<SetStateAction<string>>] {
  const [text, setText] = useState(() => read<string>(key) ?? '');
  const latest = useRef(text);
  useDraft(key, text === '' ? null : text);
  useEffect(() => {
    latest.current = text;
  });
  useEffect(() => () => write(key, latest.current === '' ? null : latest.current), [key]);
  return [text, setText];
}
