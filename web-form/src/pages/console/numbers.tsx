import Link from 'next/link';
import { ConsoleShell } from '@/components/console/ConsoleShell';
import { SessionGate } from '@/components/console/SessionGate';
import { SignedInAs } from '@/components/console/SignedInAs';
import { Icon } from '@/components/Icon';
import { Numbers } from '@/components/numbers/Numbers';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useRequiredSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';
import { numberTexts } from '@/texts/numbers';

/** `/console/numbers`: the report of a range of days; `?figure=` opens the conversations behind a number. */
export default function NumbersRoute() {
  return (
    <Queries>
      <Page />
    </Queries>
  );
}

function Page() {
  const { texts } = useSite();
  const t = numberTexts(texts);
  const session = useRequiredSession();
  return (
    <ConsoleShell title={t.title} account={session.data && <SignedInAs session={session.data} />}>
      {!session.data && <SessionGate session={session} />}
      {session.data && (
        <div className="page pt-6">
          <Link href="/console" prefetch={false} className="link inline-flex min-h-9 items-center gap-1.5 text-sm">
            <Icon name="back" size={15} />
            {consoleTexts(texts).toConsole}
          </Link>
          <h1 className="mt-2 text-xl">{t.title}</h1>
          <p className="mt-1 text-sm text-ink-mute">{t.text}</p>
          <Numbers t={t} />
        </div>
      )}
    </ConsoleShell>
  );
}
