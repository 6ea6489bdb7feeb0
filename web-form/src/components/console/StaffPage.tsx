import Link from 'next/link';
import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import type { StaffSession } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useRequiredSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';
import { ConsoleShell } from './ConsoleShell';
import { SessionGate } from './SessionGate';
import { SignedInAs } from './SignedInAs';

interface StaffPageProps {
  title: string;
  text?: string;
  children: (session: StaffSession) => ReactNode;
}

/** A page beside the console, for whoever is signed in, with the way back. */
export function StaffPage(props: StaffPageProps) {
  return (
    <Queries>
      <Page {...props} />
    </Queries>
  );
}

function Page({ title, text, children }: StaffPageProps) {
  const { texts } = useSite();
  const session = useRequiredSession();
  return (
    <ConsoleShell title={title} account={session.data && <SignedInAs session={session.data} />}>
      {!session.data && <SessionGate session={session} />}
      {session.data && (
        <div className="page pt-6">
          <Link href="/console" prefetch={false} className="link inline-flex min-h-9 items-center gap-1.5 text-sm">
            <Icon name="back" size={15} />
            {consoleTexts(texts).toConsole}
          </Link>
          <h1 className={`mt-2 text-xl ${text ? '' : 'mb-5'}`}>{title}</h1>
          {text && <p className="mt-1 text-sm text-ink-mute">{text}</p>}
          {children(session.data)}
        </div>
      )}
    </ConsoleShell>
  );
}
