import Link from 'next/link';
import { useRouter } from 'next/router';
import { useCallback } from 'react';
import { Announcer } from '@/components/Announcer';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { plain, slug, topics } from '@/lib/articles';
import { failureText } from '@/lib/failure';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { useArticles, useHelpSearch } from '@/lib/useHelp';
import { SearchBox } from './SearchBox';

/** The entrance of the help centre: a search, and every article by topic. */
export function HelpHome({ query }: { query: string }) {
  const { texts } = useSite();
  const t = texts.help;
  const router = useRouter();
  const search = useCallback(
    (q: string) => void router.replace({ pathname: '/help', query: q ? { q } : {} }, undefined, { shallow: true, scroll: false }),
    [router],
  );
  return (
    <>
      <div className="border-b border-line bg-surface">
        <div className="page max-w-[48rem] py-10 text-center sm:py-16">
          <h1 className="text-2xl sm:text-3xl">{t.title}</h1>
          <p className="mt-3 text-ink-soft">{t.lead}</p>
          <div className="mt-7 text-start">
            <SearchBox query={query} onSearch={search} />
          </div>
        </div>
      </div>
      <div className="page pt-10">{query.length >= 2 ? <Results query={query} /> : <AllTopics />}</div>
    </>
  );
}

function Results({ query }: { query: string }) {
  const { texts, language } = useSite();
  const t = texts.help;
  const search = useHelpSearch(query);
  const results = search.data?.results;
  const ask = (
    <Link href={`/?subject=${encodeURIComponent(query)}`} prefetch={false} className="btn btn-primary">
      {t.askUs}
    </Link>
  );

  if (search.isError) return <Notice kind="danger">{failureText(search.error, texts)}</Notice>;
  if (!results) return <ListSkeleton />;
  if (results.length === 0) {
    return (
      <>
        <Announcer text={plural(t.results, 0, language)} />
        <Empty icon="search" title={fill(t.noResultsTitle, { query })} action={ask}>
          {t.noResultsText}
        </Empty>
      </>
    );
  }
  return (
    <section aria-labelledby="results" className="mx-auto max-w-[48rem]">
      <Announcer text={plural(t.results, results.length, language)} />
      <h2 id="results" className="text-sm text-ink-mute">
        {plural(t.results, results.length, language)}
      </h2>
      <ul className="mt-3 space-y-3">
        {results.map(({ id, title, snippet }) => (
          <li key={id}>
            <Link
              href={`/help?id=${encodeURIComponent(id)}&q=${encodeURIComponent(query)}`}
              prefetch={false}
              className="card block p-5 transition-colors hover:border-accent-line"
            >
              <span className="font-semibold text-ink">{title}</span>
              <span className="mt-1 line-clamp-2 block text-sm text-ink-mute">{plain(snippet)}</span>
            </Link>
          </li>
        ))}
      </ul>
      <div className="mt-8 flex flex-wrap items-center justify-between gap-4 rounded-xl border border-line p-5">
        <p className="text-sm text-ink-soft">{t.askUsText}</p>
        {ask}
      </div>
    </section>
  );
}

function AllTopics() {
  const { texts, language } = useSite();
  const t = texts.help;
  const articles = useArticles();

  if (articles.isError) {
    return (
      <Notice
        kind="danger"
        title={t.failedTitle}
        action={
          <button type="button" className="btn btn-quiet" onClick={() => void articles.refetch()}>
            {texts.common.retry}
          </button>
        }
      >
        {failureText(articles.error, texts)}
      </Notice>
    );
  }
  if (!articles.data) return <ListSkeleton />;
  if (articles.data.length === 0) {
    return (
      <Empty
        icon="book"
        title={t.emptyTitle}
        action={
          <Link href="/" prefetch={false} className="btn btn-primary">
            {t.askUs}
          </Link>
        }
      >
        {t.emptyText}
      </Empty>
    );
  }
  const all = topics(articles.data);
  return (
    <div className="grid gap-10 lg:grid-cols-[14rem_minmax(0,1fr)]">
      <nav aria-label={t.contents}>
        <div className="sticky top-24">
          <h2 className="text-sm">{t.contents}</h2>
          <ul className="mt-3 flex flex-wrap gap-2 text-sm lg:block lg:space-y-0.5 lg:border-s lg:border-line">
            {all.map(({ title }) => (
              <li key={title}>
                <a
                  href={`#${slug(title || t.other)}`}
                  className="block rounded-full border border-line bg-surface px-3 py-1.5 text-ink-soft hover:border-accent hover:text-ink lg:-ms-px lg:rounded-none lg:border-0 lg:border-s-2 lg:border-transparent lg:bg-transparent lg:py-1 lg:ps-4 lg:text-ink-mute"
                >
                  {title || t.other}
                </a>
              </li>
            ))}
          </ul>
        </div>
      </nav>
      <div className="grid content-start gap-5 sm:grid-cols-2">
        {all.map(({ title, items }) => (
          <section key={title} id={slug(title || t.other)} aria-labelledby={`topic-${slug(title)}`} className="card scroll-mt-24 p-5">
            <h2 id={`topic-${slug(title)}`} className="flex items-baseline justify-between gap-3 text-base">
              {title || t.other}
              <span className="shrink-0 text-xs font-normal tracking-normal text-ink-mute">{plural(t.count, items.length, language)}</span>
            </h2>
            <ul className="mt-3">
              {items.map(({ id, title: name }) => (
                <li key={id}>
                  <Link
                    href={`/help?id=${encodeURIComponent(id)}`}
                    prefetch={false}
                    className="-mx-2 flex items-start gap-2 rounded-md px-2 py-1.5 text-sm text-ink-soft hover:bg-sunken hover:text-ink"
                  >
                    <span className="mt-0.5 text-ink-mute">
                      <Icon name="book" size={16} />
                    </span>
                    {name}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  );
}

function ListSkeleton() {
  const { texts } = useSite();
  return (
    <div aria-busy="true" className="mx-auto grid max-w-[48rem] gap-3">
      <p role="status" className="sr-only">
        {texts.common.loading}
      </p>
      {[0, 1, 2].map((n) => (
        <div key={n} aria-hidden="true" className="skeleton h-24 rounded-xl" />
      ))}
    </div>
  );
}
