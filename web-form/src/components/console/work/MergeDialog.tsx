import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeskConversation } from '@/lib/api/desk';
import { search } from '@/lib/console/calls';
import { useDesk } from '@/lib/console/desk';
import { usePast } from '@/lib/console/useConversation';
import { useWork } from '@/lib/console/work';
import { Modal } from '../dialogs/Modal';
import { OptionList } from '../dialogs/OptionList';

/** Chooses the conversation that this one goes on in. */
export function MergeDialog({ target }: { target: DeskConversation }) {
  const { t, openDialog } = useDesk();
  const { w, merge } = useWork();
  const [text, setText] = useState('');
  const past = usePast(target.customer_id).data?.items ?? [];
  const wanted = text.trim().toLowerCase();
  const open = past.filter(({ conversation_id: id, status }) => id !== target.conversation_id && status !== 'closed');
  const fitting = open.filter(({ ticket }) => `${ticket.ticket_number} ${ticket.subject}`.toLowerCase().includes(wanted));
  const options = fitting.map(({ conversation_id: id, ticket }) => ({
    id,
    run: () => {
      openDialog(null);
      void merge(target, id, ticket.ticket_number);
    },
    content: (
      <>
        <span className="chip shrink-0">{ticket.ticket_number}</span>
        <span className="min-w-0 flex-1 truncate font-medium">{ticket.subject}</span>
        <span className="text-xs text-ink-mute">{t.status[ticket.status]}</span>
      </>
    ),
  }));
  return (
    <Modal title={w.mergeTitle} text={w.mergeText}>
      <OptionList label={w.mergeFilter} placeholder={w.mergeFilter} text={text} onText={setText} options={options}>
        {options.length === 0 && <p className="px-3 py-2 text-ink-mute">{w.mergeNone}</p>}
      </OptionList>
    </Modal>
  );
}

/** Chooses the customer that this conversation's customer becomes one with. */
export function MergeCustomerDialog({ target }: { target: DeskConversation }) {
  const { t, openDialog } = useDesk();
  const { w, mergeCustomer } = useWork();
  const [text, setText] = useState('');
  const asked = text.trim();
  const result = useQuery({ queryKey: ['search', asked], queryFn: () => search(asked), enabled: asked.length >= 2, staleTime: 10_000, retry: false });
  const customers = result.data?.items.filter(({ kind, id }) => kind === 'customer' && id !== target.customer_id) ?? [];
  const options = customers.map(({ id, title, snippet }) => ({
    id,
    run: () => {
      openDialog(null);
      void mergeCustomer(target.customer_id, id, target.conversation_id);
    },
    content: (
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{title}</span>
        <span className="block truncate text-xs text-ink-mute">{snippet}</span>
      </span>
    ),
  }));
  return (
    <Modal title={w.mergeCustomerTitle} text={w.mergeCustomerText}>
      <OptionList label={w.mergeCustomerFilter} placeholder={w.mergeCustomerFilter} text={text} onText={setText} options={options}>
        <p role="status" className="px-3 py-2 text-ink-mute">
          {asked.length < 2 ? '' : result.isFetching ? t.searching : options.length === 0 ? w.mergeCustomerNone : ''}
        </p>
      </OptionList>
    </Modal>
  );
}
