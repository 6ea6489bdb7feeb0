import dynamic from 'next/dynamic';
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react';
import { Notice } from '@/components/Notice';
import { PlainText } from '@/components/PlainText';
import { Time } from '@/components/Time';
import { addNote } from '@/lib/console/calls';
import { useDesk } from '@/lib/console/desk';
import { type Mode, NOTE_FIELD, REPLY_FIELD } from '@/lib/console/focus';
import { refusalText } from '@/lib/console/refusal';
import type { Actions } from '@/lib/console/useActions';
import { useOthers, usePresence } from '@/lib/console/usePresence';
import { DELAY_SECONDS, useReply } from '@/lib/console/useReply';
import { keptKey, useKeptText } from '@/lib/console/useKeptText';
import { useReplyDraft } from '@/lib/console/useReplyDraft';
import type { DeskConversation } from '@/lib/api/desk';
import { characters, trimmed } from '@/lib/characters';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { authorName } from './MessageCard';
import { Kbd } from '../Kbd';
import { DeskIcon } from '../DeskIcon';

const DelayField = dynamic(() => import('./DelayField'), { ssr: false });
const MentionList = dynamic(() => import('./MentionList'), { ssr: false });

const MAX = 10_000;

interface ReplyBoxProps {
  conversation: DeskConversation;
  customer: string;
  address: string | null;
  mode: Mode;
  onMode: (mode: Mode) => void;
  actions: Actions;
}

/** Where staff write: a reply to the customer, or a note to colleagues. Each keeps its own text. */
export function ReplyBox(props: ReplyBoxProps) {
  const { t } = useDesk();
  const { conversation, mode, onMode } = props;
  const [isTyping, setTyping] = useState(false);
  usePresence(conversation.conversation_id, isTyping);
  const isClosed = conversation.ticket.status === 'closed';
  const shown = isClosed ? 'note' : mode;
  const tab = (value: Mode, text: string, key: string) => (
    <button
      type="button"
      aria-pressed={shown === value}
      aria-keyshortcuts={key}
      disabled={isClosed && value === 'reply'}
      className={`btn btn-sm ${shown === value ? 'bg-sunken text-ink' : 'text-ink-mute hover:text-ink'}`}
      onClick={() => onMode(value)}
    >
      <DeskIcon name={value} size={14} />
      {text}
      <Kbd of={key} />
    </button>
  );
  return (
    <div className={`border-t border-line px-3 pt-2 pb-3 sm:px-5 ${shown === 'note' ? 'bg-warn-soft/60' : 'bg-surface'}`}>
      <div className="flex flex-wrap items-center gap-1">
        {tab('reply', t.reply, 'r')}
        {tab('note', t.note, 'n')}
        <Others id={conversation.conversation_id} />
      </div>
      {isClosed && <p className="mt-1 text-xs text-ink-mute">{t.closedText}</p>}
      {shown === 'reply' ? <ReplyForm {...props} onTyping={setTyping} /> : <NoteForm {...props} />}
    </div>
  );
}

/** Who else is here. */
function Others({ id }: { id: string }) {
  const { t, language } = useDesk();
  const others = useOthers(id);
  const typing = others.filter((other) => other.isTyping);
  const named = typing.length > 0 ? typing : others;
  if (named.length === 0) return null;
  const names = new Intl.ListFormat(language).format(named.map(({ name }) => name));
  return (
    <p role="status" data-testid="others" className={`ms-auto text-xs ${typing.length > 0 ? 'font-medium text-warn' : 'text-ink-mute'}`}>
      {fill(plural(typing.length > 0 ? t.othersTyping : t.othersViewing, named.length, language), { names })}
    </p>
  );
}

function ReplyForm({ conversation, customer, address, actions, onTyping }: ReplyBoxProps & { onTyping: (isTyping: boolean) => void }) {
  const { t, language, restored, restore, openDialog } = useDesk();
  const id = conversation.conversation_id;
  const draft = useReplyDraft(id);
  const { text, setText } = draft;
  const sender = useReply(conversation, actions.settle);
  const { setSuggestion } = sender;
  const usual = DELAY_SECONDS[conversation.channel];
  const [delay, setDelay] = useState(usual);
  useEffect(() => onTyping(text !== ''), [onTyping, text]);
  const used = characters(trimmed(text));
  const isValid = used >= 1 && used <= MAX;

  // A reply that was taken back, suggested or chosen is edited first.
  useEffect(() => {
    if (restored?.id !== id) return;
    const { text: given, isAtEnd } = restored;
    setText((now) => (now.trim() ? (isAtEnd ? `${now}\n\n${given}` : `${given}\n\n${now}`) : given));
    setSuggestion(restored.suggestion ?? null);
    restore(null);
    document.getElementById(REPLY_FIELD)?.focus();
  }, [restored, restore, id, setText, setSuggestion]);

  const finish = (sent: boolean) => {
    if (!sent) return;
    draft.sent(trimmed(text));
    setDelay(usual);
  };
  const send = async (then?: 'resolve') => {
    const body = isValid ? sender.bodyOf(trimmed(text), delay, then) : null;
    if (!body) return document.getElementById(REPLY_FIELD)?.focus();
    finish(await sender.send(body));
  };
  const insist = async () => {
    document.getElementById(REPLY_FIELD)?.focus();
    finish(isValid && (await sender.insist(trimmed(text))));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send(event.shiftKey ? 'resolve' : undefined);
  };
  const channel = t.channels[conversation.channel];
  const target = conversation.channel !== 'web_form' && address ? fill(t.replyOn, { channel, address }) : t.replyOnPage;
  const { stopped } = sender;

  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
    >
      {stopped && <StoppedNotice stopped={stopped} customer={customer} onInsist={() => void insist()} language={language} />}
      <label htmlFor={REPLY_FIELD} className="mt-1.5 block text-xs text-ink-mute">
        <span className="font-medium text-ink-soft">{fill(t.replyTo, { name: customer })}</span> {target}
      </label>
      <textarea
        id={REPLY_FIELD}
        rows={3}
        value={text}
        placeholder={t.replyPlaceholder}
        className="field mt-1 field-sizing-content max-h-[38vh] min-h-14 resize-y sm:min-h-20 py-2 text-sm"
        onChange={({ target: { value } }) => setText(value)}
        onKeyDown={onKeyDown}
      />
      <div className="mt-2 flex flex-wrap items-center justify-end gap-2">
        <span className="me-auto text-xs text-ink-mute tabular-nums">
          {used > MAX * 0.8 ? `${used} / ${MAX}` : draft.isKept ? t.draftKept : ''}
        </span>
        {usual > 0 && <DelayField value={delay} onChange={setDelay} />}
        <button type="button" className="btn btn-sm btn-quiet" aria-keyshortcuts="g" onClick={() => openDialog('suggestion')}>
          <DeskIcon name="spark" size={14} />
          {t.suggest}
        </button>
        <button type="button" className="btn btn-sm btn-quiet" aria-keyshortcuts=";" onClick={() => openDialog('canned')}>
          {t.canned}
        </button>
        <button type="button" className="btn btn-sm btn-quiet" aria-keyshortcuts="Control+Shift+Enter" aria-disabled={sender.isSending} onClick={() => void send('resolve')}>
          {t.sendResolve}
          <Kbd of="ctrl+⇧ ⏎" />
        </button>
        <button type="submit" className="btn btn-sm btn-primary" aria-keyshortcuts="Control+Enter" aria-disabled={sender.isSending}>
          {sender.isSending ? t.sending : t.send}
          <Kbd of="ctrl+⏎" />
        </button>
      </div>
    </form>
  );
}

interface StoppedProps {
  stopped: NonNullable<ReturnType<typeof useReply>['stopped']>;
  customer: string;
  language: string;
  onInsist: () => void;
}

/** Why a reply was not sent, with what its writer had not seen. */
function StoppedNotice({ stopped, customer, language, onInsist }: StoppedProps) {
  const { t } = useDesk();
  const button = (text: string) => (
    <button type="button" className="btn btn-sm btn-quiet" onClick={onInsist}>
      {text}
    </button>
  );
  if (stopped.why === 'failed') {
    return (
      <div className="mt-2">
        <Notice kind="danger" title={t.notSent}>
          {stopped.text}
        </Notice>
      </div>
    );
  }
  if (stopped.why === 'claimed') {
    return (
      <div className="mt-2" data-testid="stopped" data-why="claimed">
        <Notice kind="warn" title={fill(t.claimedTitle, { name: stopped.by.name })} action={button(t.sendTakeOver)}>
          {t.claimedText}
        </Notice>
      </div>
    );
  }
  return (
    <div className="mt-2" data-testid="stopped" data-why="unseen">
      <Notice kind="warn" title={plural(t.unseenTitle, stopped.messages.length, language)} action={button(t.sendAnyway)}>
        <p>{t.unseenText}</p>
        <ul className="mt-2 max-h-[24vh] space-y-2 overflow-y-auto" tabIndex={0}>
          {stopped.messages.map((message) => (
            <li key={message.id} className="rounded-md border border-line bg-surface p-2 text-ink">
              <p className="text-xs text-ink-mute">
                <span className="font-semibold text-ink">{authorName(message, customer, t)}</span> <Time iso={message.created_at} />
              </p>
              <PlainText text={message.content} />
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function NoteForm({ conversation, actions }: ReplyBoxProps) {
  const { texts } = useSite();
  const { t, toast, me, members } = useDesk();
  const id = conversation.conversation_id;
  const [text, setText] = useKeptText(keptKey('note', me.id, id));
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const save = async () => {
    const note = trimmed(text);
    if (isSaving || note === '' || characters(note) > MAX) return;
    setSaving(true);
    setError(null);
    try {
      const { mentionedIn } = await import('@/lib/console/mentions');
      await addNote(id, note, mentionedIn(note, members));
      setText('');
      toast({ kind: 'good', text: t.noteSaved });
    } catch (failure) {
      setError(refusalText(failure, t, texts));
    }
    setSaving(false);
    actions.settle(id);
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {error && (
        <div className="mt-2">
          <Notice kind="danger" title={t.noteNotSaved}>
            {error}
          </Notice>
        </div>
      )}
      <label htmlFor={NOTE_FIELD} className="mt-1.5 block text-xs font-medium text-ink-soft">
        {t.noteLabel}
      </label>
      {text.includes('@') && <MentionList field={NOTE_FIELD} text={text} onText={setText} />}
      <textarea
        id={NOTE_FIELD}
        rows={3}
        value={text}
        placeholder={t.notePlaceholder}
        className="field mt-1 field-sizing-content max-h-[38vh] min-h-14 resize-y sm:min-h-20 py-2 text-sm"
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      <div className="mt-2 flex justify-end">
        <button type="submit" className="btn btn-sm btn-primary" aria-keyshortcuts="Control+Enter" aria-disabled={isSaving}>
          {isSaving ? t.saving : t.saveNote}
          <Kbd of="ctrl+⏎" />
        </button>
      </div>
    </form>
  );
}
