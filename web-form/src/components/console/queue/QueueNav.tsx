import Link from 'next/link';
import { type Queue, queues } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import type { Address } from '@/lib/console/useAddress';

/** The queues with how many conversations each has. */
export function QueueNav({ address, counts }: { address: Address; counts: Record<Queue, number> | undefined }) {
  const { t, language } = useDesk();
  const format = new Intl.NumberFormat(language);
  return (
    <nav aria-label={t.queues} className="border-b border-line p-2">
      <ul className="grid grid-cols-2 gap-x-1">
        {queues.map((queue) => {
          const isHere = queue === address.filters.queue;
          const n = counts?.[queue];
          const isCalling = queue === 'needs_me' && Boolean(n);
          return (
            <li key={queue}>
              <Link
                href={address.hrefOf({ queue })}
                shallow
                prefetch={false}
                aria-current={isHere ? 'page' : undefined}
                data-queue={queue}
                className={`flex min-h-8 items-center justify-between gap-2 rounded-md px-2 text-sm ${
                  isHere ? 'bg-sunken font-semibold text-ink' : 'text-ink-soft hover:bg-sunken'
                }`}
              >
                <span className="truncate">{t.queue[queue]}</span>
                <span
                  data-testid="count"
                  className={`min-w-6 text-end text-xs tabular-nums ${isCalling ? 'font-bold text-accent-text' : 'text-ink-mute'}`}
                >
                  {n === undefined ? '' : format.format(n)}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
