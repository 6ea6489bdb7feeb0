import { Shell } from '@/components/Shell';
import { MyTickets } from '@/components/ticket/MyTickets';
import { TicketSkeleton, TicketView } from '@/components/ticket/TicketView';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useParam } from '@/lib/useParam';

/** `/ticket?id=…` is one ticket; without an id it lists those that this device remembers. */
export default function TicketRoute() {
  const { texts } = useSite();
  const id = useParam('id');
  return (
    <Shell title={id ? texts.ticket.title.replace('{number}', '').trim() : texts.mine.title}>
      <Queries>
        {id === undefined && <TicketSkeleton />}
        {id === null && <MyTickets />}
        {id && <TicketView key={id} id={id} />}
      </Queries>
    </Shell>
  );
}
