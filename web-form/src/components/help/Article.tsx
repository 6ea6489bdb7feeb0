import { isValidElement, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';
import { Icon } from '@/components/Icon';
import { slug } from '@/lib/articles';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';

/**
 * An article's Markdown, sanitised: HTML in it is not rendered, and only harmless elements and addresses remain. Every
 * heading can be linked to. Loaded when an article is opened.
 */
export default function Article({ text }: { text: string }) {
  return (
    <div className="prose">
      <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize]} components={components}>
        {text}
      </Markdown>
    </div>
  );
}

const components: Components = {
  // The page has its own first heading.
  h1: ({ children }) => <Heading level="h2">{children}</Heading>,
  h2: ({ children }) => <Heading level="h2">{children}</Heading>,
  h3: ({ children }) => <Heading level="h2">{children}</Heading>,
  h4: ({ children }) => <Heading level="h2">{children}</Heading>,
  h5: ({ children }) => <Heading level="h3">{children}</Heading>,
  h6: ({ children }) => <Heading level="h3">{children}</Heading>,
  a: ({ href, children }) => {
    const isOutside = /^https?:/.test(href ?? '');
    return (
      <a href={href} {...(isOutside ? { target: '_blank', rel: 'noopener noreferrer nofollow' } : {})}>
        {children}
      </a>
    );
  },
  // Pictures of other hosts would tell them who reads; the content security policy refuses them anyway.
  img: ({ src, alt }) => (typeof src === 'string' && /^\/(?!\/)/.test(src) ? <img src={src} alt={alt ?? ''} loading="lazy" /> : <>{alt}</>),
};

function Heading({ level: Level, children }: { level: 'h2' | 'h3'; children: ReactNode }) {
  const { texts } = useSite();
  const title = textOf(children);
  const id = slug(title);
  return (
    <Level id={id} className="group">
      {children}
      <a
        href={`#${id}`}
        aria-label={fill(texts.help.linkTo, { title })}
        className="no-print ms-2 inline-flex align-middle text-ink-mute opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
      >
        <Icon name="link" size={16} />
      </a>
    </Level>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children);
  return '';
}
