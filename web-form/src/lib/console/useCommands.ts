import { useMemo } from 'react';
import { type DeskConversation, queues } from '../api/desk';
import { useDesk } from './desk';
import { HEADING, type Mode, NOTE_FIELD, PAST, REPLY_FIELD, TAG_FIELD } from './focus';
import { possible } from './possible';
import type { Actions } from './useActions';
import type { Address } from './useAddress';
import type { Command } from './useShortcuts';

interface Context {
  address: Address;
  conversation: DeskConversation | undefined;
  actions: Actions;
  move: (by: 1 | -1) => void;
  setMode: (mode: Mode) => void;
  showDetails: () => void;
  askNotifications: () => void;
}

/** After the page shows what a command needs. */
function focusSoon(find: () => HTMLElement | null | undefined): void {
  setTimeout(() => find()?.focus(), 30);
}

/** Everything that can be done by key or from the palette. */
export function useCommands({ address, conversation, actions, move, setMode, showDetails, askNotifications }: Context): Command[] {
  const { t, me, toasts, dismiss, openDialog, choose } = useDesk();
  return useMemo(() => {
    const can = conversation ? possible(conversation, me.id) : null;
    const on = (allowed: boolean | undefined, run: (target: DeskConversation) => void) => ({
      isEnabled: Boolean(conversation && allowed),
      run: () => conversation && run(conversation),
    });
    const write = (mode: Mode, field: string) => () => {
      setMode(mode);
      focusSoon(() => document.getElementById(field));
    };
    const offer = (name: 'suggestion' | 'canned') => () => {
      setMode('reply');
      openDialog(name);
    };
    const undo = toasts.findLast((toast) => toast.action?.isUndo);
    const always = { isEnabled: true };
    // Links and fields do these by themselves; they are here for the list of keys.
    const listed = { isEnabled: false, run: () => undefined };

    const all: Command[] = [
      { id: 'next', group: 'move', text: t.next, key: 'j', ...always, run: () => move(1) },
      { id: 'previous', group: 'move', text: t.previous, key: 'k', ...always, run: () => move(-1) },
      { id: 'open', group: 'move', text: t.open, key: 'Enter', ...listed },
      {
        id: 'select',
        group: 'move',
        text: t.select,
        key: 'x',
        ...always,
        run: () => {
          const line = document.activeElement?.closest<HTMLElement>('[data-line]')?.dataset.line;
          const id = line ?? conversation?.conversation_id;
          if (id) choose(id);
        },
      },
      { id: 'leave', group: 'move', text: t.leave, key: 'Escape', ...listed },
      { id: 'send', group: 'conversation', text: t.send, key: 'ctrl+⏎', ...listed },
      { id: 'send_resolve', group: 'conversation', text: t.sendResolve, key: 'ctrl+⇧ ⏎', ...listed },
      { id: 'reply', group: 'conversation', text: t.reply, key: 'r', ...on(can?.reply, write('reply', REPLY_FIELD)) },
      { id: 'note', group: 'conversation', text: t.writeNote, key: 'n', ...on(true, write('note', NOTE_FIELD)) },
      { id: 'claim', group: 'conversation', text: t.claim, key: 'c', ...on(can?.claim, (target) => void actions.claim(target)) },
      { id: 'resolve', group: 'conversation', text: t.resolve, key: 'e', ...on(can?.resolve, (target) => void actions.resolve(target)) },
      { id: 'reopen', group: 'conversation', text: t.reopen, key: 'o', ...on(can?.reopen, (target) => void actions.reopen(target)) },
      { id: 'snooze', group: 'conversation', text: t.snooze, key: 's', ...on(can?.snooze, () => openDialog('snooze')) },
      { id: 'wake', group: 'conversation', text: t.wake, key: 's', ...on(can?.wake, (target) => void actions.wake(target)) },
      { id: 'watch', group: 'conversation', text: t.watch, key: 'w', ...on(can?.watch, (target) => void actions.watch(target)) },
      { id: 'unwatch', group: 'conversation', text: t.unwatch, key: 'w', ...on(can?.unwatch, (target) => void actions.unwatch(target)) },
      { id: 'assign', group: 'conversation', text: t.assign, key: 'a', ...on(can?.assign, () => openDialog('assign')) },
      { id: 'hand_back', group: 'conversation', text: t.handBack, key: 'b', ...on(can?.handBack, () => openDialog('hand_back')) },
      { id: 'release', group: 'conversation', text: t.release, key: 'u', ...on(can?.release, (target) => void actions.release(target)) },
      { id: 'merge', group: 'conversation', text: t.merge, ...on(can?.rearrange, () => openDialog('merge')) },
      { id: 'split', group: 'conversation', text: t.split, ...on(can?.rearrange, () => openDialog('split')) },
      { id: 'side', group: 'conversation', text: t.askThirdParty, ...on(can?.rearrange, () => openDialog('side')) },
      { id: 'merge_customer', group: 'conversation', text: t.mergeCustomer, ...on(true, () => openDialog('merge_customer')) },
      { id: 'suggestion', group: 'conversation', text: t.suggest, key: 'g', ...on(can?.reply, offer('suggestion')) },
      { id: 'summary', group: 'conversation', text: t.summary, key: 'i', ...on(can?.summarize, () => openDialog('summary')) },
      { id: 'canned', group: 'conversation', text: t.canned, key: ';', ...on(can?.reply, offer('canned')) },
      {
        id: 'tags',
        group: 'conversation',
        text: t.editTags,
        key: 't',
        ...on(true, () => {
          showDetails();
          focusSoon(() => document.getElementById(TAG_FIELD));
        }),
      },
      {
        id: 'past',
        group: 'conversation',
        text: t.past,
        key: 'p',
        ...on(true, () => {
          showDetails();
          focusSoon(() => document.querySelector<HTMLElement>(`#${PAST} a`));
        }),
      },
      { id: 'heading', group: 'move', text: t.messages, key: 'm', ...on(true, () => document.getElementById(HEADING)?.focus()) },
      {
        id: 'undo',
        group: 'page',
        text: t.undoLast,
        key: 'z',
        isEnabled: undo !== undefined,
        run: () => {
          if (!undo) return;
          dismiss(undo.id);
          undo.action?.run();
        },
      },
      { id: 'search', group: 'page', text: t.search, key: '/', ...always, run: () => openDialog('palette') },
      { id: 'palette', group: 'page', text: t.searchOrRun, key: 'ctrl+k', ...always, run: () => openDialog('palette') },
      { id: 'help', group: 'page', text: t.keys, key: '?', ...always, run: () => openDialog('help') },
      { id: 'notifications', group: 'page', text: t.notifications, ...always, run: askNotifications },
      { id: 'views', group: 'queues', text: t.views, key: 'v', ...always, run: () => openDialog('views') },
      ...queues.map((queue, n) => ({
        id: `queue ${queue}`,
        group: 'queues' as const,
        text: `${t.queues}: ${t.queue[queue]}`,
        key: String(n + 1),
        ...always,
        run: () => address.go({ queue }),
      })),
    ];
    return all;
  }, [actions, address, askNotifications, choose, conversation, dismiss, me.id, move, openDialog, setMode, showDetails, t, toasts]);
}
