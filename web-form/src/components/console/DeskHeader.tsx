import Head from 'next/head';
import Link from 'next/link';
import { Icon } from '@/components/Icon';
import { useDesk } from '@/lib/console/desk';
import { useSite } from '@/lib/i18n';
import { type Connection, useOffline } from '@/lib/live';
import { DeskIcon } from './DeskIcon';
import { Kbd } from './Kbd';
import { useSignOut } from './SignedInAs';

/** The one line above the panes: where one is, search, whether the page is live, and the account. */
export function DeskHeader({ connection, waiting }: { connection: Connection; waiting: number | undefined }) {
  const { texts, brand, config } = useSite();
  const { t, account, openDialog } = useDesk();
  return (
    <header className="flex min-h-13 min-w-0 items-center gap-2 border-b border-line bg-surface px-3 sm:gap-3">
      <Head>
        <title>{`${waiting ? `(${waiting}) ` : ''}${account.title} · ${brand}`}</title>
        <meta name="robots" content="noindex" />
      </Head>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:start-4 focus:top-3 focus:z-50 focus:rounded-md focus:bg-surface focus:px-4 focus:py-2 focus:font-semibold focus:shadow-pop"
      >
        {texts.common.skip}
      </a>
      <h1 className="flex items-center gap-2 text-sm font-semibold tracking-tight">
        {config.logo ? (
          <img src={config.logo} alt="" className="h-7 w-auto max-w-32" />
        ) : (
          <span className="flex size-7 items-center justify-center rounded-md bg-accent text-accent-ink">
            <Icon name="spark" size={16} filled />
          </span>
        )}
        <span className="max-sm:sr-only">{`${config.company || texts.common.support} ${account.title}`}</span>
      </h1>
      <button
        type="button"
        aria-keyshortcuts="/ Control+K"
        className="mx-auto flex min-h-9 w-full max-w-sm min-w-0 items-center gap-2 rounded-md border border-line bg-canvas px-3 text-start text-sm text-ink-mute hover:border-line-strong"
        onClick={() => openDialog('palette')}
      >
        <Icon name="search" size={16} />
        <span className="min-w-0 flex-1 truncate">{t.searchOrRun}</span>
        <span className="flex gap-1 max-sm:hidden">
          <Kbd of="/" />
          <Kbd of="ctrl+k" />
        </span>
      </button>
      <ConnectionDot connection={connection} />
      <Account />
    </header>
  );
}

/** Whether the page is live. Losing the connection is said in words, and announced. */
function ConnectionDot({ connection }: { connection: Connection }) {
  const { t } = useDesk();
  const isOffline = useOffline();
  const state = isOffline ? 'offline' : connection;
  const text = { offline: t.offline, connecting: t.connecting, reconnecting: t.reconnecting, live: t.live }[state];
  const dot = { offline: 'bg-danger', connecting: 'bg-line-strong', reconnecting: 'bg-warn dot-pulse', live: 'bg-good' }[state];
  const isTrouble = state === 'offline' || state === 'reconnecting';
  const look = isTrouble
    ? 'min-w-0 rounded-md bg-warn-soft px-2 py-1 font-medium text-warn'
    : 'text-ink-mute';
  return (
    <p role="status" data-testid="connection" data-state={state} className={`flex items-center gap-2 text-xs ${look}`}>
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${dot}`} />
      <span title={text} className={isTrouble ? 'max-w-24 truncate sm:max-w-80' : 'max-sm:sr-only'}>
        {text}
      </span>
    </p>
  );
}

function Account() {
  const { account: t, me } = useDesk();
  const signOut = useSignOut();
  return (
    <div className="flex items-center gap-1">
      <Link href="/console/numbers" prefetch={false} aria-label={t.numbers} title={t.numbers} className="icon-btn size-9">
        <DeskIcon name="chart" size={17} />
      </Link>
      <Link href="/console/knowledge" prefetch={false} className="icon-btn size-9" aria-label={t.knowledge} title={t.knowledge}>
        <Icon name="book" size={17} />
      </Link>
      <Link href="/console/account" prefetch={false} title={t.account} data-testid="signed-in" className="flex min-h-9 items-center gap-2 rounded-md px-2 hover:bg-sunken">
        <span className="sr-only">{t.signedInAs} </span>
        <span className="max-w-40 truncate font-medium max-md:sr-only">{me.name}</span>
        <span className="pill bg-accent-soft px-2 text-accent-text max-lg:sr-only"> {t.roles[me.role]}</span>
        <span className="text-ink-mute md:hidden">
          <Icon name="person" />
        </span>
      </Link>
      <button type="button" className="icon-btn size-9" aria-label={t.signOut} title={t.signOut} onClick={signOut}>
        <Icon name="out" size={17} />
      </button>
    </div>
  );
}
