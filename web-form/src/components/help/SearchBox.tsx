import { useEffect, useState } from 'react';
import { Icon } from '@/components/Icon';
import { useSite } from '@/lib/i18n';

const DEBOUNCE_MS = 300;

/** A search that follows the typing; Enter searches at once. */
export function SearchBox({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const { texts } = useSite();
  const t = texts.help;
  const [text, setText] = useState(query);
  useEffect(() => setText(query), [query]);
  useEffect(() => {
    if (text.trim() === query) return;
    const timer = setTimeout(() => onSearch(text.trim()), DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, query, onSearch]);

  return (
    <form
      role="search"
      className="relative"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <label htmlFor="help-search" className="sr-only">
        {t.search}
      </label>
      <span className="pointer-events-none absolute inset-y-0 start-4 flex items-center text-ink-mute">
        <Icon name="search" size={20} />
      </span>
      <input
        id="help-search"
        type="search"
        maxLength={200}
        value={text}
        placeholder={t.searchPlaceholder}
        className="field mt-0 min-h-13 rounded-lg ps-12 shadow-card"
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
