import { useRouter } from 'next/router';
import { ConsoleShell } from '@/components/console/ConsoleShell';
import { PasswordForm } from '@/components/console/PasswordForm';
import { TwoFactor } from '@/components/console/TwoFactor';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { answered, api } from '@/lib/api/client';
import type { StaffSession } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useRequiredSession, useSetSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';

/** Who is signed in, and the settings of the account. The queue of conversations is not part of it yet. */
export default function ConsoleRoute() {
  return (
    <Queries>
      <Console />
    </Queries>
  );
}

function Console() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const session = useRequiredSession();
  return (
    <ConsoleShell title={t.title} account={session.data && <Account session={session.data} />}>
      {session.isError && (
        <div className="page pt-10">
          <Notice kind="danger">{failureText(session.error, texts)}</Notice>
        </div>
      )}
      {!session.data && !session.isError && (
        <div className="page pt-10" aria-busy="true">
          <p role="status" className="sr-only">
            {texts.common.loading}
          </p>
          <div className="skeleton h-64 rounded-xl" />
        </div>
      )}
      {session.data && <SignedIn />}
    </ConsoleShell>
  );
}

function Account({ session }: { session: StaffSession }) {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const router = useRouter();
  const setSession = useSetSession();
  const { name, email, role } = session.staff;
  const signOut = async () => {
    await answered(api().DELETE('/staff/session')).catch(() => undefined);
    setSession(null);
    await router.replace('/console/login');
  };
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <p className="text-sm" data-testid="signed-in">
        <span className="sr-only">{t.signedInAs} </span>
        <span className="font-medium">{name}</span> <span className="text-ink-mute max-sm:hidden">{email}</span>{' '}
        <span className="pill bg-accent-soft text-accent-text">{t.roles[role]}</span>
      </p>
      <button type="button" className="btn btn-quiet" onClick={() => void signOut()}>
        <Icon name="out" size={16} />
        {t.signOut}
      </button>
    </div>
  );
}

function SignedIn() {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  return (
    <div className="page pt-6">
      <h1 className="sr-only">{t.title}</h1>
      <Empty icon="ticket" title={t.emptyTitle}>
        {t.emptyText}
      </Empty>
      <section aria-labelledby="account">
        <h2 id="account" className="mb-5 text-xl">
          {t.account}
        </h2>
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <PasswordForm />
          <TwoFactor />
        </div>
      </section>
    </div>
  );
}
