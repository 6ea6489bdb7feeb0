import { useEffect, useState } from 'react';
import { Announcer } from '@/components/Announcer';
import { Icon } from '@/components/Icon';
import { answered, api } from '@/lib/api/client';
import type { HelpResult } from '@/lib/api/types';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';

/** A search starts when the reader pauses for this long, with at least this many characters. */
const DEBOUNCE_MS = 350;
const MIN_CHARS = 3;
const MAX_CHARS = 200;

/** Up to three articles that match what is being typed; they can be dismissed and never keep the form from being sent. */
export function Suggestions({ query }: { query: string }) {
  const { texts, language } = useSite();
  const [found, setFound] = useState<HelpResult[]>([]);
  const [isDismissed, setDismissed] = useState(false);
  const wanted = query.trim().slice(0, MAX_CHARS);

  useEffect(() => {
    if (isDismissed || wanted.length < MIN_CHARS) {
      setFound([]);
      return;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      answered(api().GET('/help/search', { params: { query: { q: wanted } } }))
        .then(({ results }) => isCurrent && setFound(results.slice(0, 3)))
        // Suggestions are an offer: without them the form works as well.
        .catch(() => isCurrent && setFound([]));
    }, DEBOUNCE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [wanted, isDismissed]);

  if (isDismissed || found.length === 0) return <Announcer text="" />;
  return (
    <div className="enter mt-3 rounded-lg border border-accent-line bg-accent-soft p-2">
      <Announcer text={plural(texts.form.suggestionsCount, found.length, language)} />
      <div className="flex items-center justify-between gap-2 ps-2">
        <p className="text-xs font-semibold text-accent-text">{texts.form.suggestions}</p>
        <button
          type="button"
          className="icon-btn size-8"
          aria-label={texts.form.suggestionsDismiss}
          onClick={() => setDismissed(true)}
        >
          <Icon name="close" size={15} />
        </button>
      </div>
      <ul>
        {found.map(({ id, title, snippet }) => (
          <li key={id}>
            <a
              href={`/help?id=${encodeURIComponent(id)}`}
              target="_blank"
              rel="noopener"
              className="flex gap-2.5 rounded-md p-2 transition-colors hover:bg-surface"
            >
              <span className="mt-0.5 text-accent-text">
                <Icon name="book" size={17} />
              </span>
              <span className="min-w-0">
                <span className="block text-sm font-semibold text-ink">
                  {title} <span className="sr-only">{texts.common.newTab}</span>
                </span>
                <span className="line-clamp-2 text-xs text-ink-soft">{snippet}</span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
