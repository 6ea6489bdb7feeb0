import { useCallback, useEffect, useId, useState } from 'react';
import type { StaffAccount } from '@/lib/api/types';
import { useDesk } from '@/lib/console/desk';
import { unfinishedMention } from '@/lib/console/mentions';
import { copilotTexts } from '@/texts/copilot';

const MAX_SHOWN = 6;

interface MentionListProps {
  /** The id of the field that is written in. */
  field: string;
  text: string;
  onText: (text: string) => void;
}

/** Completes `@` to the name of a colleague while a note is written: arrows choose, Enter or Tab takes, Escape closes. */
export default function MentionList({ field, text, onText }: MentionListProps) {
  const { members, me, language } = useDesk();
  const t = copilotTexts(language);
  const base = useId();
  const [caret, setCaret] = useState(0);
  const [at, setAt] = useState(0);
  const [closedAt, setClosedAt] = useState<number | null>(null);

  useEffect(() => {
    const read = () => {
      const element = document.getElementById(field);
      if (element instanceof HTMLTextAreaElement) setCaret(element.selectionStart);
    };
    read();
    document.addEventListener('selectionchange', read);
    return () => document.removeEventListener('selectionchange', read);
  }, [field, text]);

  const mention = unfinishedMention(text, caret);
  const options = mention && mention.at !== closedAt ? fitting(members, me.id, mention.typed) : [];
  const chosen = Math.min(at, options.length - 1);
  const start = mention?.at ?? 0;
  useEffect(() => setAt(0), [mention?.typed]);

  const take = useCallback(
    ({ name }: StaffAccount) => {
      const before = `${text.slice(0, start)}@${name} `;
      onText(before + text.slice(caret).replace(/^ /, ''));
      requestAnimationFrame(() => {
        const element = document.getElementById(field);
        if (!(element instanceof HTMLTextAreaElement)) return;
        element.focus();
        element.setSelectionRange(before.length, before.length);
      });
    },
    [caret, field, onText, start, text],
  );

  useEffect(() => {
    const element = document.getElementById(field);
    const option = options[chosen];
    if (!element || !option) return;
    element.setAttribute('aria-controls', `${base}-list`);
    element.setAttribute('aria-activedescendant', `${base}-${chosen}`);
    const press = (event: KeyboardEvent) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const takes = event.key === 'Tab' || (event.key === 'Enter' && !event.ctrlKey && !event.metaKey);
      if (event.isComposing || (step === undefined && !takes && event.key !== 'Escape')) return;
      event.preventDefault();
      event.stopPropagation();
      if (step !== undefined) setAt((chosen + step + options.length) % options.length);
      else if (takes) take(option);
      else setClosedAt(start);
    };
    element.addEventListener('keydown', press);
    return () => {
      element.removeEventListener('keydown', press);
      element.removeAttribute('aria-controls');
      element.removeAttribute('aria-activedescendant');
    };
  }, [base, chosen, field, options, start, take]);

  return (
    <div className="relative">
      <p role="status" className="sr-only">
        {options.length > 0 && t.mentionHelp}
      </p>
      {options.length > 0 && (
        <div role="listbox" id={`${base}-list`} aria-label={t.mentionList} className="absolute bottom-1 z-10 w-full max-w-sm rounded-md border border-line bg-raised p-1 shadow-pop">
          {options.map((member, n) => (
            <div
              key={member.id}
              id={`${base}-${n}`}
              role="option"
              aria-selected={n === chosen}
              className="option cursor-pointer text-sm"
              onPointerMove={() => setAt(n)}
              onPointerDown={(event) => {
                event.preventDefault();
                take(member);
              }}
            >
              <span className="min-w-0 flex-1 truncate font-medium">{member.name}</span>
              <span className="min-w-0 truncate text-xs text-ink-mute">{member.email}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

/** Names with a word that begins like what is typed. A name that is complete needs no list. */
function fitting(members: StaffAccount[], me: string, typed: string): StaffAccount[] {
  const wanted = typed.toLowerCase();
  const fits = ({ id, name, active }: StaffAccount) =>
    active && id !== me && name !== typed && ` ${name.toLowerCase()}`.includes(` ${wanted}`);
  return members.filter(fits).slice(0, MAX_SHOWN);
}
