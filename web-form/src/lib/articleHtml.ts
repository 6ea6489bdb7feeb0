import { slug } from './articles';

export interface ReadableArticle {
  html: string;
  headings: { id: string; title: string }[];
}

/**
 * Prepares the HTML of an article, which the server has sanitised (ammonia): headings begin below that of the page and
 * get anchors, and links to other sites open in a tab of their own. Nothing is added to what may be in it.
 */
export function readable(html: string, linkTo: (title: string) => string): ReadableArticle {
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  const found = [...body.querySelectorAll('h1,h2,h3,h4,h5,h6')];
  const top = Math.min(...found.map(level));
  const headings = found.map((heading) => {
    const title = heading.textContent.trim();
    const shifted = document.createElement(`h${Math.min(level(heading) - top + 2, 6)}`);
    shifted.append(...heading.childNodes);
    shifted.id = slug(title);
    shifted.append(anchor(shifted.id, linkTo(title)));
    heading.replaceWith(shifted);
    return { id: shifted.id, title };
  });
  for (const link of body.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')) {
    if (new URL(link.href).origin !== window.location.origin) link.target = '_blank';
  }
  // A wide table scrolls in its own box, which must be reachable by keyboard.
  for (const table of body.querySelectorAll('table, pre')) table.setAttribute('tabindex', '0');
  return { html: body.innerHTML, headings };
}

function level(heading: Element): number {
  return Number(heading.tagName.slice(1));
}

function anchor(id: string, label: string): HTMLAnchorElement {
  const link = document.createElement('a');
  link.href = `#${id}`;
  link.className = 'anchor no-print';
  link.setAttribute('aria-label', label);
  link.textContent = '#';
  return link;
}
