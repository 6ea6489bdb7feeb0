import { useRouter } from 'next/router';
import { Icon } from '@/components/Icon';
import { answered, api } from '@/lib/api/client';
import type { StaffSession } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import { forget } from '@/lib/storage';
import { useSetSession } from '@/lib/useSession';
import { consoleTexts } from '@/texts/console';

/** Who is signed in, and the way out. */
export function SignedInAs({ session }: { session: StaffSession }) {
  const { texts } = useSite();
  const t = consoleTexts(texts);
  const signOut = useSignOut();
  const { name, email, role } = session.staff;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <p className="text-sm" data-testid="signed-in">
        <span className="sr-only">{t.signedInAs} </span>
        <span className="font-medium">{name}</span> <span className="text-ink-mute max-sm:hidden">{email}</span>{' '}
        <span className="pill bg-accent-soft text-accent-text">{t.roles[role]}</span>
      </p>
      <button type="button" className="btn btn-quiet" onClick={signOut}>
        <Icon name="out" size={16} />
        {t.signOut}
      </button>
    </div>
  );
}

/**
 * Ends the session and shows the login page, also where the server cannot be reached. What the account was writing is
 * forgotten on this device; the server keeps the drafts of replies.
 */
export function useSignOut(): () => void {
  const router = useRouter();
  const setSession = useSetSession();
  return () =>
    void (async () => {
      await answered(api().DELETE('/staff/session')).catch(() => undefined);
      setSession(null);
      await router.replace('/console/login');
      // Fields write their texts down when they go away; they have gone.
      for (const kept of ['draft.console.', 'note.console.', 'key.console.']) forget(kept);
    })();
}
