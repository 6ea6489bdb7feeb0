import Head from 'next/head';
import Link from 'next/link';
import { useRouter } from 'next/router';
import type { ReactNode } from 'react';
import { useSite } from '@/lib/i18n';
import { Icon } from './Icon';
import { Preferences } from './Preferences';

/** The frame of every page: a skip link, the company's name, the navigation, and the reader's preferences. */
export function Shell({ title, children }: { title: string; children: ReactNode }) {
  const { texts, brand } = useSite();
  const t = texts.common;
  return (
    <>
      <Head>
        <title>{`${title} · ${brand}`}</title>
      </Head>
      <a
        href="#content"
        className="no-print sr-only focus:not-sr-only focus:fixed focus:start-4 focus:top-3 focus:z-50 focus:rounded-md focus:bg-surface focus:px-4 focus:py-2 focus:font-semibold focus:shadow-pop"
      >
        {t.skip}
      </a>
      <div className="flex min-h-dvh flex-col">
        <Header />
        <main id="content" tabIndex={-1} className="flex-1 pb-16 outline-none">
          {children}
        </main>
        <footer className="no-print border-t border-line py-6">
          <div className="page flex flex-wrap items-center justify-between gap-4 text-xs text-ink-mute">
            <span>{texts.form.secret}</span>
            <Preferences />
          </div>
        </footer>
      </div>
    </>
  );
}

function Header() {
  const { texts } = useSite();
  const { pathname } = useRouter();
  const t = texts.common;
  const links = [
    { href: '/', text: t.ask },
    { href: '/help', text: t.help },
    { href: '/ticket', text: t.tickets },
  ];
  return (
    <header className="no-print z-30 border-b border-line bg-surface sm:sticky sm:top-0">
      <div className="page flex min-h-16 flex-wrap items-center justify-between gap-x-6">
        <Brand />
        <nav aria-label={t.navigation} className="-mx-2 flex items-center gap-1 max-sm:w-full max-sm:pb-2">
          {links.map(({ href, text }) => {
            const isHere = pathname === href;
            return (
              <Link
                key={href}
                href={href}
                prefetch={false}
                aria-current={isHere ? 'page' : undefined}
                className={`rounded-md px-2.5 py-2 text-sm font-medium transition-colors sm:px-3 ${
                  isHere ? 'bg-sunken text-ink' : 'text-ink-mute hover:text-ink'
                }`}
              >
                {text}
              </Link>
            );
          })}
        </nav>
      </div>
    </header>
  );
}

export function Brand() {
  const { config, brand, texts } = useSite();
  return (
    <Link
      href="/"
      prefetch={false}
      className="flex min-h-11 items-center gap-2.5 rounded-md text-base font-semibold tracking-tight"
    >
      {config.logo ? (
        <img src={config.logo} alt="" className="h-8 w-auto max-w-40" />
      ) : (
        <span className="flex size-8 items-center justify-center rounded-lg bg-accent text-accent-ink">
          <Icon name="spark" size={18} filled />
        </span>
      )}
      <span>{config.company ? `${config.company} ${texts.common.support}` : brand}</span>
    </Link>
  );
}
