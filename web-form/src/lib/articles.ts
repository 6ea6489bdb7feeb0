import type { ArticleItem } from './api/types';

export interface Topic {
  title: string;
  items: ArticleItem[];
}

/** Articles by topic, in the order of the documents. Articles without a topic have an empty title. */
export function topics(items: ArticleItem[]): Topic[] {
  const all: Topic[] = [];
  for (const item of items) {
    const title = topicOf(item);
    const topic = all.find((other) => other.title === title);
    if (topic) topic.items.push(item);
    else all.push({ title, items: [item] });
  }
  return all;
}

/** The heading above an article: `Product > Account > Reset a password` is in `Account`. */
export function topicOf({ title, section }: Pick<ArticleItem, 'title' | 'section'>): string {
  const path = (section ?? '').split(' > ').filter((part) => part !== title);
  return path.at(-1) ?? '';
}

/** An anchor for a heading, by GitHub's rules, which the ids of articles follow as well. */
export function slug(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replace(/ /g, '-');
}

/** The first line of plain text in Markdown, for lists. */
export function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`#>]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
