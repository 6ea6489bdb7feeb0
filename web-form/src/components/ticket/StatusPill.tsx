import type { TicketStatus } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';

const looks: Record<TicketStatus, string> = {
  open: 'bg-accent-soft text-accent-text',
  waiting_customer: 'bg-good-soft text-good',
  escalated: 'bg-warn-soft text-warn',
  in_progress: 'bg-accent-soft text-accent-text',
  resolved: 'bg-good-soft text-good',
  closed: 'bg-sunken text-ink-soft',
};

export function StatusPill({ status }: { status: TicketStatus }) {
  const { texts } = useSite();
  return (
    <span data-testid="status" data-status={status} className={`pill ${looks[status]}`}>
      <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />
      {texts.ticket.status[status]}
    </span>
  );
}
