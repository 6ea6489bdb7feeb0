import { useState } from 'react';
import type { StaffAccount } from '@/lib/api/types';
import { useDesk } from '@/lib/console/desk';
import { Modal } from './Modal';
import { OptionList } from './OptionList';

/** Chooses the colleague who gets a conversation. */
export function AssignDialog({ onChoose }: { onChoose: (member: StaffAccount) => void }) {
  const { t, members, me, openDialog } = useDesk();
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const fitting = members.filter(({ name, email, active }) => active && `${name} ${email}`.toLowerCase().includes(wanted));
  const options = fitting.map((member) => ({
    id: member.id,
    run: () => {
      openDialog(null);
      onChoose(member);
    },
    content: (
      <>
        <span className="min-w-0 flex-1 truncate font-medium">
          {member.name}
          {member.id === me.id && ` (${t.you})`}
        </span>
        <span className="min-w-0 truncate text-xs text-ink-mute">{member.email}</span>
      </>
    ),
  }));
  return (
    <Modal title={t.assignTitle}>
      <OptionList label={t.assignTitle} placeholder={t.assignFilter} text={text} onText={setText} options={options}>
        {options.length === 0 && <p className="px-3 py-2 text-ink-mute">{t.assignNone}</p>}
      </OptionList>
    </Modal>
  );
}
