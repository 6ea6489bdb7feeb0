import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { deleteDraft, readDraft, writeDraft } from './calls';
import { useKeptText } from './useKeptText';

/** Typing is sent to the server after this pause. */
const PAUSE_MS = 1_000;

interface ServerDraft {
  isRead: boolean;
  text: string;
  revision: number;
}

/**
 * The reply that a member of staff is writing: kept by the server for this person and conversation, so that it is there
 * on another device, and on this device until then.
 */
export function useReplyDraft(id: string) {
  const [text, setText] = useKeptText(`draft.console.${id}`);
  const [isKept, setKept] = useState(false);
  const server = useRef<ServerDraft>({ isRead: false, text: '', revision: 0 });
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  });

  useEffect(() => {
    let ended = false;
    readDraft(id)
      .then(({ text: known, revision }) => {
        Object.assign(server.current, { isRead: true, text: known, revision });
        if (!ended) setText((now) => now || known);
      })
      .catch(() => {
        server.current.isRead = true;
      });
    const now = server.current;
    return () => {
      ended = true;
      void keep(id, latest.current, now);
    };
  }, [id, setText]);

  useEffect(() => {
    setKept(false);
    const timer = setTimeout(() => void keep(id, text, server.current).then(setKept), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [id, text]);

  /** After a reply, which deletes the draft on the server. What was typed meanwhile stays. */
  const sent = useCallback(
    (reply: string) => {
      Object.assign(server.current, { isRead: true, text: '', revision: 0 });
      setText((now) => (now.trim() === reply ? '' : now));
    },
    [setText],
  );
  return { text, setText, sent, isKept };
}

/** Whether the server has this text. A newer draft of another device is replaced: this one is being written. */
async function keep(id: string, text: string, server: ServerDraft): Promise<boolean> {
  if (!server.isRead) return false;
  for (let tried = 0; tried < 2 && text !== server.text; tried += 1) {
    try {
      if (text === '') await deleteDraft(id);
      server.revision = text === '' ? 0 : (await writeDraft(id, { text, revision: server.revision })).revision;
      server.text = text;
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'stale_draft') return false;
      const newer = await readDraft(id).catch(() => null);
      if (!newer) return false;
      server.revision = newer.revision;
    }
  }
  return text !== '' && text === server.text;
}
