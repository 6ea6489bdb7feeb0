import dynamic from 'next/dynamic';
import Link from 'next/link';
import { ConsoleShell } from '@/components/console/ConsoleShell';
import { PasswordForm } from '@/components/console/PasswordForm';
import { SessionGate } from '@/components/console/SessionGate';
import { SignedInAs } from '@/components/console/SignedInAs';
import { TwoFactor } from '@/components/console/TwoFactor';
import { Icon } from '@/components/Icon';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useRequiredSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';

const Webhooks = dynamic(() => import('@/components/console/webhooks/Webhooks'), { ssr: false });

/** The settings of the account of whoever is signed in. */
export default function AccountRoute() {
  return (
    <Queries>
      <Account />
    </Queries>
  );
}

function Account() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const session = useRequiredSession();
  return (
    <ConsoleShell title={t.account} account={session.data && <SignedInAs session={session.data} />}>
      {!session.data && <SessionGate session={session} />}
      {session.data && (
        <div className="page pt-6">
          <Link href="/console" prefetch={false} className="link inline-flex min-h-9 items-center gap-1.5 text-sm">
            <Icon name="back" size={15} />
            {t.toConsole}
          </Link>
          <h1 className="mt-2 mb-5 text-xl">{t.account}</h1>
          <div className="grid items-start gap-6 lg:grid-cols-2">
            <PasswordForm />
            <TwoFactor />
            {session.data.staff.role === 'admin' && <Webhooks />}
          </div>
        </div>
      )}
    </ConsoleShell>
  );
}
