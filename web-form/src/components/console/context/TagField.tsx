import { type FormEvent, useState } from 'react';
import { FieldError } from '@/components/Field';
import { Icon } from '@/components/Icon';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { TAG_FIELD } from '@/lib/console/focus';
import type { Actions } from '@/lib/console/useActions';
import { fill } from '@/lib/fill';

const TAG = /^[a-z0-9-]{1,40}$/;

/** The tags of a conversation; each change can be undone. */
export function TagField({ conversation, actions }: { conversation: DeskConversation; actions: Actions }) {
  const { t } = useDesk();
  const [text, setText] = useState('');
  const [isWrong, setWrong] = useState(false);
  const { tags } = conversation;

  const add = (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim().toLowerCase();
    const fits = TAG.test(tag);
    setWrong(!fits);
    if (!fits) return;
    setText('');
    if (!tags.includes(tag)) void actions.change(conversation, { add_tags: [tag] }, { remove_tags: [tag] });
  };

  return (
    <div className="mt-2">
      <ul aria-label={t.tags} className="flex flex-wrap gap-1" data-testid="tags">
        {tags.map((tag) => (
          <li key={tag} className="chip ps-2 pe-0">
            {tag}
            <button
              type="button"
              className="inline-flex size-6 items-center justify-center rounded-sm hover:text-ink"
              aria-label={fill(t.removeTag, { tag })}
              onClick={() => void actions.change(conversation, { remove_tags: [tag] }, { add_tags: [tag] })}
            >
              <Icon name="close" size={11} />
            </button>
          </li>
        ))}
      </ul>
      <form onSubmit={add} className="mt-1.5">
        <label htmlFor={TAG_FIELD} className="sr-only">
          {t.addTag}
        </label>
        <input
          id={TAG_FIELD}
          value={text}
          placeholder={t.addTag}
          title={t.tagRule}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={isWrong ? true : undefined}
          aria-describedby={isWrong ? `${TAG_FIELD}-error` : undefined}
          className="field mt-0 min-h-8 px-2 py-1 text-xs"
          onChange={({ target }) => setText(target.value)}
        />
        <FieldError id={TAG_FIELD} error={isWrong ? t.tagInvalid : null} />
      </form>
    </div>
  );
}
