import Link from 'next/link';
import { useEffect, useMemo, useState } from 'react';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import type { Article, ArticleItem } from '@/lib/api/types';
import { readable } from '@/lib/articleHtml';
import { topicOf, topics } from '@/lib/articles';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { day } from '@/lib/time';
import { useArticle, useArticles, useHelpful } from '@/lib/useHelp';

/** One article with the table of contents beside it. */
export function HelpArticle({ id, query }: { id: string; query: string }) {
  const { texts } = useSite();
  const t = texts.help;
  const article = useArticle(id);
  const all = useArticles();

  if (article.error instanceof ApiError && [404, 422].includes(article.error.status)) {
    return (
      <Empty
        icon="book"
        level={1}
        title={t.goneTitle}
        action={
          <Link href="/help" prefetch={false} className="btn btn-primary">
            {t.all}
          </Link>
        }
      >
        {t.goneText}
      </Empty>
    );
  }
  return (
    <div className="page grid gap-10 pt-6 sm:pt-10 lg:grid-cols-[16rem_minmax(0,1fr)] lg:gap-14">
      <Contents items={all.data ?? []} current={id} />
      <div className="min-w-0 max-w-[44rem]">
        <Link href={query ? `/help?q=${encodeURIComponent(query)}` : '/help'} prefetch={false} className="link no-print inline-flex min-h-9 items-center gap-1.5 text-sm">
          <span className="rtl:-scale-x-100">
            <Icon name="back" size={16} />
          </span>
          {t.all}
        </Link>
        {article.isError ? (
          <div className="mt-4">
            <Notice kind="danger" title={t.failedTitle}>
              {failureText(article.error, texts)}
            </Notice>
          </div>
        ) : article.data ? (
          <Text article={article.data} items={all.data ?? []} query={query} />
        ) : (
          <div className="mt-4" aria-busy="true">
            <div className="skeleton h-10 w-2/3" />
            <TextSkeleton />
          </div>
        )}
      </div>
    </div>
  );
}

/** What an address says; as it is where it is no valid encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function Text({ article, items, query }: { article: Article; items: ArticleItem[]; query: string }) {
  const { texts, language } = useSite();
  const t = texts.help;
  useEffect(() => {
    // The address may name a heading of the article, which is here only now.
    const anchor = decoded(window.location.hash.slice(1));
    if (anchor) document.getElementById(anchor)?.scrollIntoView();
  }, [article.id]);

  const { html, headings } = useMemo(
    () => readable(article.html, (title) => fill(t.linkTo, { title })),
    [article.html, t.linkTo],
  );
  const topic = topicOf(article);
  return (
    <article aria-labelledby="article-title">
      <p className="mt-3 text-sm font-medium text-accent-text">{topic}</p>
      <h1 id="article-title" className="mt-1 text-2xl sm:text-3xl">
        {article.title}
      </h1>
      <p className="mt-2 text-sm text-ink-mute">{fill(t.updated, { date: day(article.updated_at, language) })}</p>
      {headings.length > 1 && (
        <nav aria-label={t.onThisPage} className="no-print mt-6 rounded-lg border border-line p-4">
          <p className="text-sm font-semibold">{t.onThisPage}</p>
          <ul className="mt-2 space-y-1 text-sm">
            {headings.map(({ id, title }) => (
              <li key={id}>
                <a href={`#${id}`} className="link">
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div className="prose mt-8" dangerouslySetInnerHTML={{ __html: html }} />
      <Helpful key={article.id} id={article.id} subject={query || article.title} />
      <Neighbours items={items} current={article.id} />
    </article>
  );
}

function Helpful({ id, subject }: { id: string; subject: string }) {
  const { texts } = useSite();
  const t = texts.help;
  const [said, setSaid] = useState<boolean | null>(null);
  const helpful = useHelpful(id);
  const say = (value: boolean) => {
    setSaid(value);
    helpful.mutate(value);
  };
  return (
    <section aria-label={t.helpful} className="no-print mt-12 rounded-xl border border-line bg-surface p-5">
      {said === null ? (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <p className="font-medium">{t.helpful}</p>
          <div className="flex gap-2">
            <button type="button" className="btn btn-quiet min-w-20" onClick={() => say(true)}>
              {t.yes}
            </button>
            <button type="button" className="btn btn-quiet min-w-20" onClick={() => say(false)}>
              {t.no}
            </button>
          </div>
        </div>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-4">
          <p role="status" className="text-sm text-ink-soft">
            {said ? t.helpfulYes : t.helpfulNo}
          </p>
          {!said && (
            <Link href={`/?subject=${encodeURIComponent(subject)}`} prefetch={false} className="btn btn-primary">
              {t.askUs}
            </Link>
          )}
        </div>
      )}
    </section>
  );
}

function Contents({ items, current }: { items: ArticleItem[]; current: string }) {
  const { texts } = useSite();
  const t = texts.help;
  const all = topics(items);
  const here = all.find((topic) => topic.items.some(({ id }) => id === current));
  return (
    <nav aria-label={t.contents} className="no-print max-lg:order-last">
      <div className="lg:sticky lg:top-24 lg:max-h-[calc(100dvh-8rem)] lg:overflow-y-auto" tabIndex={-1}>
        <h2 className="text-sm">{t.contents}</h2>
        <ul className="mt-3 space-y-1 text-sm">
          {all.map((topic) => (
            <li key={topic.title}>
              <details open={topic === here}>
                <summary className="rounded-md py-1.5 font-medium text-ink-soft hover:text-ink">{topic.title || t.other}</summary>
                <ul className="mb-2 ms-1 border-s border-line">
                  {topic.items.map(({ id, title }) => (
                    <li key={id}>
                      <Link
                        href={`/help?id=${encodeURIComponent(id)}`}
                        prefetch={false}
                        aria-current={id === current ? 'page' : undefined}
                        className={`-ms-px block border-s-2 py-1.5 ps-3.5 ${
                          id === current ? 'border-accent font-medium text-accent-text' : 'border-transparent text-ink-mute hover:text-ink'
                        }`}
                      >
                        {title}
                      </Link>
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
        </ul>
      </div>
    </nav>
  );
}

function Neighbours({ items, current }: { items: ArticleItem[]; current: string }) {
  const { texts } = useSite();
  const t = texts.help;
  const at = items.findIndex(({ id }) => id === current);
  const [before, after] = at < 0 ? [] : [items[at - 1], items[at + 1]];
  if (!before && !after) return null;
  const side = 'flex flex-col rounded-lg border border-line p-4 text-sm transition-colors hover:border-accent-line';
  return (
    <div className="no-print mt-6 grid gap-4 sm:grid-cols-2">
      {before ? (
        <Link href={`/help?id=${encodeURIComponent(before.id)}`} prefetch={false} className={side}>
          <span className="text-xs text-ink-mute">{t.previous}</span>
          <span className="font-medium">{before.title}</span>
        </Link>
      ) : (
        <span />
      )}
      {after && (
        <Link href={`/help?id=${encodeURIComponent(after.id)}`} prefetch={false} className={`${side} text-end`}>
          <span className="text-xs text-ink-mute">{t.next}</span>
          <span className="font-medium">{after.title}</span>
        </Link>
      )}
    </div>
  );
}

function TextSkeleton() {
  return (
    <div aria-hidden="true" className="mt-6 space-y-3">
      {['w-full', 'w-11/12', 'w-4/5', 'w-full', 'w-3/4'].map((width, n) => (
        <div key={n} className={`skeleton h-5 ${width}`} />
      ))}
    </div>
  );
}
