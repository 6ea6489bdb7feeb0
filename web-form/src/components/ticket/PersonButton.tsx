import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import type { HandOver } from '@/lib/api/types';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { dayAndHour } from '@/lib/time';
import { usePerson } from '@/lib/useTicket';

const ConfirmDialog = dynamic(() => import('@/components/ConfirmDialog'), { ssr: false });

/** Hands the conversation to a person, after a question. */
export function PersonButton({ id, onHandedOver }: { id: string; onHandedOver: (handOver: HandOver) => void }) {
  const { texts } = useSite();
  const t = texts.ticket;
  const [isOpen, setOpen] = useState(false);
  const person = usePerson(id);
  return (
    <>
      <button type="button" className="btn btn-quiet max-sm:w-full" onClick={() => setOpen(true)}>
        <Icon name="person" size={17} />
        {t.person}
      </button>
      {isOpen && (
        <ConfirmDialog
          title={t.person}
          text={t.personText}
          confirm={t.personConfirm}
          isBusy={person.isPending}
          error={person.isError && <Notice kind="danger">{t.personFailed}</Notice>}
          onConfirm={() => person.mutate(undefined, { onSuccess: onHandedOver })}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  );
}

/** When a person will answer, as the server promised. */
export function PersonPromise({ expectedBy }: { expectedBy: string | null }) {
  const { texts, language } = useSite();
  const t = texts.ticket;
  const text = expectedBy ? fill(t.personDone, { time: dayAndHour(expectedBy, language) }) : t.personDoneOpen;
  return <Notice kind="info">{text}</Notice>;
}
