import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Icon } from '@/components/Icon';
import type { Turn } from '@/lib/api/desk';

const TurnBody = dynamic(() => import('./TurnBody'), { ssr: false });

/** What a turn of the bot did, folded and loaded only when it is asked for. */
export function TurnDetails({ turn, title }: { turn: Turn; title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details data-testid="turn" className="mt-1 text-xs" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="inline-flex min-h-6 items-center gap-1 font-medium text-accent-text">
        <Icon name="down" size={12} />
        {title}
      </summary>
      {isOpen && <TurnBody turn={turn} />}
    </details>
  );
}
