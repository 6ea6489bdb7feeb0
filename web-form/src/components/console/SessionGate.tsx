import { Notice } from '@/components/Notice';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import type { useSession } from '@/lib/useSession';

/** What a staff page shows until it is known who is signed in. */
export function SessionGate({ session }: { session: ReturnType<typeof useSession> }) {
  const { texts } = useSite();
  if (session.isError) {
    return (
      <div className="page pt-10">
        <Notice
          kind="danger"
          action={
            <button type="button" className="btn btn-quiet" onClick={() => void session.refetch()}>
              {texts.common.retry}
            </button>
          }
        >
          {failureText(session.error, texts)}
        </Notice>
      </div>
    );
  }
  return (
    <div className="page pt-10" aria-busy="true">
      <p role="status" className="sr-only">
        {texts.common.loading}
      </p>
      <div className="skeleton h-64 rounded-xl" />
    </div>
  );
}
