import { ConsoleShell } from '@/components/console/ConsoleShell';
import { Desk } from '@/components/console/Desk';
import { SessionGate } from '@/components/console/SessionGate';
import { DeskProvider } from '@/lib/console/desk';
import { useDeskTexts } from '@/lib/console/useDeskTexts';
import { useMembers } from '@/lib/console/useMembers';
import type { StaffSession } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useRequiredSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';

/** `/console`: the queue and the conversations; `?c=` opens one. */
export default function ConsoleRoute() {
  return (
    <Queries>
      <Console />
    </Queries>
  );
}

function Console() {
  const { texts } = useSite();
  const session = useRequiredSession();
  if (session.data) return <SignedIn session={session.data} />;
  return (
    <ConsoleShell title={consoleTexts(texts).title}>
      <SessionGate session={session} />
    </ConsoleShell>
  );
}

function SignedIn({ session }: { session: StaffSession }) {
  const members = useMembers();
  const deskTexts = useDeskTexts();
  if (!deskTexts) return null;
  return (
    <DeskProvider me={session.staff} members={members} deskTexts={deskTexts}>
      <Desk />
    </DeskProvider>
  );
}
