import Head from 'next/head';
import type { ReactNode } from 'react';
import { Preferences } from '@/components/Preferences';
import { Brand } from '@/components/Shell';
import { useSite } from '@/lib/i18n';
import { consoleTexts } from '@/texts/console';

/** The frame of the staff pages. */
export function ConsoleShell({ title, account, children }: { title: string; account?: ReactNode; children: ReactNode }) {
  const { texts, brand } = useSite();
  return (
    <>
      <Head>
        <title>{`${title} · ${brand}`}</title>
        <meta name="robots" content="noindex" />
      </Head>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:start-4 focus:top-3 focus:z-50 focus:rounded-md focus:bg-surface focus:px-4 focus:py-2 focus:font-semibold focus:shadow-pop"
      >
        {texts.common.skip}
      </a>
      <div className="flex min-h-dvh flex-col">
        <header className="border-b border-line bg-surface">
          <div className="page flex min-h-16 flex-wrap items-center justify-between gap-x-6 py-1">
            <div className="flex items-center gap-3">
              <Brand />
              <span className="pill bg-sunken text-ink-soft">{consoleTexts(texts).title}</span>
            </div>
            {account}
          </div>
        </header>
        <main id="content" tabIndex={-1} className="flex-1 pb-16 outline-none">
          {children}
        </main>
        <footer className="border-t border-line py-6">
          <div className="page flex justify-end">
            <Preferences />
          </div>
        </footer>
      </div>
    </>
  );
}
