import { Icon } from '@/components/Icon';
import type { MoreFilters as Given } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import type { Address } from '@/lib/console/useAddress';
import { fill } from '@/lib/fill';
import { viewTexts, type ViewTexts } from '@/texts/views';

/** The filters of a saved view that the bar above has no field for; each can be taken away. */
export default function MoreFilters({ address }: { address: Address }) {
  const { language } = useDesk();
  const t = viewTexts(language);
  const more = address.filters.more ?? {};
  const name = useName(t);
  const without = (gone: string) => {
    const left = Object.entries(more).filter(([key]) => key !== gone);
    return left.length > 0 ? (Object.fromEntries(left) as Given) : null;
  };
  return (
    <ul aria-label={t.moreFilters} data-testid="more-filters" className="flex flex-wrap gap-1.5 border-b border-line p-2 text-xs">
      {Object.entries(more).map(([key, value]) => (
        <li key={key} className="pill bg-sunken text-ink-soft">
          {name(key, value)}
          <button
            type="button"
            aria-label={fill(t.removeFilter, { filter: name(key, value) })}
            className="-me-1 flex size-6 items-center justify-center rounded-full hover:text-ink"
            onClick={() => address.go({ more: without(key) })}
          >
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}

function useName(t: ViewTexts) {
  const { t: desk, members } = useDesk();
  return (key: string, value: string): string => {
    if (key === 'assignee') {
      const staff = members.find(({ id }) => id === value)?.name;
      return fill(t.assignedTo, { name: value === 'me' ? t.me : value === 'none' ? t.noOne : (staff ?? value) });
    }
    const known: Record<string, Record<string, string>> = {
      priority: desk.priorities,
      reason: desk.reason,
      ticket_status: desk.status,
      status: t.hands,
    };
    const word = known[key]?.[value] ?? value;
    if (key === 'tag') return `#${word}`;
    return key === 'priority' ? `${desk.priority}: ${word}` : key === 'customer_id' ? desk.customer : word;
  };
}
