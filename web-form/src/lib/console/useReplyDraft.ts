import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError } from '../api/client';
import { read, write } from '../storage';
import { deleteDraft, readDraft, writeDraft } from './calls';
import { useDesk } from './desk';
import { keptKey, useKeptText } from './useKeptText';

/** Typing is sent to the server after this pause. */
const PAUSE_MS = 1_000;

/** What the server had when this device last heard of it. */
interface KnownDraft {
  text: string;
  revision: number;
}

const NONE: KnownDraft = { text: '', revision: 0 };

interface ServerDraft extends KnownDraft {
  isRead: boolean;
  /** Under which this device remembers what the server had. */
  key: string;
}

/**
 * The reply that a member of staff is writing: kept by the server for this person and conversation, so that it is there
 * on another device, and on this device until then. What is kept here counts only where the server still has what it was
 * written upon: otherwise another device has written something newer.
 */
export function useReplyDraft(id: string) {
  const { me } = useDesk();
  const key = keptKey('draft', me.id, id);
  const [text, setText] = useKeptText(key);
  const [isKept, setKept] = useState(false);
  const server = useRef<ServerDraft>({ isRead: false, key: `${key}.base`, ...NONE });
  const latest = useRef(text);
  const first = useRef(text);
  useEffect(() => {
    latest.current = text;
  });

  useEffect(() => {
    let ended = false;
    const now = server.current;
    const base = read<KnownDraft>(now.key) ?? NONE;
    readDraft(id)
      .then((known) => {
        const isNewer = known.revision !== base.revision || known.text !== base.text;
        know(now, known);
        if (!ended) setText((local) => (isNewer ? newest(known.text, local, first.current) : local || known.text));
      })
      .catch(() => {
        Object.assign(now, base, { isRead: true });
      });
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
      know(server.current, NONE);
      setText((now) => (now.trim() === reply ? '' : now));
    },
    [setText],
  );
  return { text, setText, sent, isKept };
}

/** The server's text, with what was typed before it was read. */
function newest(known: string, local: string, first: string): string {
  if (local === first) return known;
  return known && local ? `${known}\n\n${local}` : known || local;
}

function know(server: ServerDraft, { text, revision }: KnownDraft): void {
  Object.assign(server, { isRead: true, text, revision });
  write(server.key, revision === 0 ? null : { text, revision });
}

/** Whether the server has this text. A newer draft of another device is replaced: this one is being written. */
async function keep(id: string, text: string, server: ServerDraft): Promise<boolean> {
  if (!server.isRead) return false;
  for (let tried = 0; tried < 2 && text !== server.text; tried += 1) {
    try {
      if (text === '') await deleteDraft(id);
      know(server, { text, revision: text === '' ? 0 : (await writeDraft(id, { text, revision: server.revision })).revision });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'stale_draft') return false;
      const newer = await readDraft(id).catch(() => null);
      if (!newer) return false;
      server.revision = newer.revision;
    }
  }
  return text !== '' && text === server.text;
}
