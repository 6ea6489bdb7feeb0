import dynamic from 'next/dynamic';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Found } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { HEADING, type Mode } from '@/lib/console/focus';
import { useActions } from '@/lib/console/useActions';
import { useAddress } from '@/lib/console/useAddress';
import { useCommands } from '@/lib/console/useCommands';
import { useConversation, useNames } from '@/lib/console/useConversation';
import { useEscalationNotice } from '@/lib/console/useEscalationNotice';
import { useMove } from '@/lib/console/useMove';
import { useNews, useSessionEnd } from '@/lib/console/useNews';
import { useQueue } from '@/lib/console/useQueue';
import { useShortcuts } from '@/lib/console/useShortcuts';
import { ContextPane } from './context/ContextPane';
import { ConversationPane } from './conversation/ConversationPane';
import { DeskHeader } from './DeskHeader';
import { QueuePane } from './queue/QueuePane';
import { Toasts } from './Toasts';

const loadDialogs = () => import('./dialogs/Dialogs');
const Dialogs = dynamic(loadDialogs, { ssr: false });

/** The console: the queue, the open conversation, and its details. */
export function Desk() {
  const { t, dialog } = useDesk();
  const address = useAddress();
  const queue = useQueue(address.filters);
  const open = address.open ?? null;
  const conversation = useConversation(open);
  const { customer, addresses } = useNames(conversation.data, queue.items, t.customer);
  const actions = useActions();
  const [mode, setMode] = useState<Mode>('reply');
  const [isDetails, setDetails] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const move = useMove(list, open, queue.items);

  useEffect(() => setDetails(false), [open]);
  useEffect(() => setMode('reply'), [open]);
  const close = () => {
    address.go({ c: null });
    setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-line="${open}"] a`)?.focus(), 50);
  };
  const notice = useEscalationNotice(open, (id) => address.go({ c: id }));
  const connection = useNews(open, {
    escalation: (id) => void notice.tell(id),
    mention: (id, note) => void notice.tellMention(id, note),
    watched: (id, cause) => void notice.tellWatched(id, cause),
  });
  useSessionEnd(queue.query.error);

  const commands = useCommands({
    address,
    conversation: conversation.data,
    actions,
    move,
    setMode,
    showDetails: useCallback(() => setDetails(true), []),
    askNotifications: useCallback(() => void notice.ask(), [notice.ask]),
  });
  useShortcuts(commands, (isTyping) => {
    if (isTyping) return (document.getElementById(HEADING) ?? list.current?.querySelector('a'))?.focus();
    if (isDetails) return setDetails(false);
    if (open) close();
  });
  useEffect(() => void loadDialogs(), []);

  const onFound = (found: Found) => {
    if (found.kind === 'article') window.open(`/help?id=${encodeURIComponent(found.id)}`, '_blank', 'noopener');
    else if (found.conversation_id) address.go({ c: found.conversation_id });
  };
  const shown = isDetails ? 'context' : open ? 'conversation' : 'list';

  return (
    <div className="desk">
      <DeskHeader connection={connection} waiting={queue.counts?.needs_me} />
      <main className="desk-panes" data-shown={shown}>
        <QueuePane address={address} queue={queue} listRef={list} />
        <ConversationPane
          id={address.open}
          query={conversation}
          customer={customer}
          addresses={addresses}
          actions={actions}
          mode={mode}
          onMode={setMode}
          onBack={close}
          onDetails={() => setDetails((now) => !now)}
        />
        <ContextPane conversation={conversation.data} address={address} actions={actions} onBack={() => setDetails(false)} />
      </main>
      <Toasts />
      {dialog && <Dialogs address={address} conversation={conversation.data} actions={actions} commands={commands} onFound={onFound} onOpen={(id) => address.go({ c: id })} />}
    </div>
  );
}
