import { Notice } from '@/components/Notice';
import { useSite } from '@/lib/i18n';
import { useIdentity } from '@/lib/useProof';
import { proofTexts } from '@/texts/proof';
import { ProofForm } from './ProofForm';

/** In place of a ticket that opens to its confirmed customer alone. Loaded when there is one. */
export default function LockedTicket({ id }: { id: string }) {
  const { language } = useSite();
  const t = proofTexts(language);
  const identity = useIdentity();
  return (
    <div className="page max-w-[32rem] pt-10">
      <h1 className="text-2xl">{t.lockedTitle}</h1>
      <p className="mt-2 mb-6 text-ink-soft">{t.lockedText}</p>
      {identity.data?.offered === false ? <Notice kind="warn">{t.unavailable}</Notice> : <ProofForm ticket={id} />}
    </div>
  );
}
