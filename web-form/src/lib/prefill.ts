import type { Submission } from './rules';

const fields = ['name', 'email', 'phone', 'subject', 'category', 'priority', 'message'] as const;

/**
 * Values given with the address: behind the # by `embed.js`, so that they reach no server; after the ? by our own links
 * ("ask us" with a search, a new question after a closed ticket).
 */
export function prefilled(): Partial<Submission> {
  const given: Record<string, string> = {};
  const query = new URLSearchParams(window.location.search);
  const hash = new URLSearchParams(window.location.hash.slice(1));
  for (const field of fields) {
    const value = hash.get(field) ?? query.get(field);
    if (value) given[field] = value;
  }
  return given as Partial<Submission>;
}

export function isEmbedded(): boolean {
  return new URLSearchParams(window.location.search).get('embed') === '1';
}
