import dynamic from 'next/dynamic';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Empty } from '@/components/Empty';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import { type Channel, channels, type QueueItem, severities, type Severity, type Sort, sorts } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { useNow } from '@/lib/console/time';
import type { Address } from '@/lib/console/useAddress';
import { useAnchoredList } from '@/lib/console/useAnchoredList';
import { usePrefetch } from '@/lib/console/useConversation';
import type { useQueue } from '@/lib/console/useQueue';
import { failureText } from '@/lib/failure';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { QueueLine } from './QueueLine';
import { QueueNav } from './QueueNav';

const BulkBar = dynamic(() => import('../work/BulkBar'), { ssr: false });
const MoreFilters = dynamic(() => import('../views/MoreFilters'), { ssr: false });

interface QueuePaneProps {
  address: Address;
  queue: ReturnType<typeof useQueue>;
  listRef: RefObject<HTMLDivElement | null>;
}

/** The queues, and the conversations of the chosen one. */
export function QueuePane({ address, queue, listRef }: QueuePaneProps) {
  const { t } = useDesk();
  return (
    <section aria-label={t.conversations} className="pane pane-list">
      <QueueNav address={address} counts={queue.counts} />
      <FilterBar address={address} />
      {address.filters.more && <MoreFilters address={address} />}
      <QueueList address={address} queue={queue} listRef={listRef} />
    </section>
  );
}

function FilterBar({ address }: { address: Address }) {
  const { t, openDialog } = useDesk();
  const { sort, channel, severity, breached } = address.filters;
  return (
    <div role="group" aria-label={t.filter} className="grid grid-cols-2 gap-1.5 border-b border-line p-2">
      <select aria-label={t.sort} className="select-sm" value={sort} onChange={({ target }) => address.go({ sort: target.value as Sort })}>
        {sorts.map((value) => (
          <option key={value} value={value}>
            {t.sorts[value]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.channel}
        className="select-sm"
        value={channel ?? ''}
        onChange={({ target }) => address.go({ channel: (target.value || null) as Channel | null })}
      >
        <option value="">{t.anyChannel}</option>
        {channels.map((value) => (
          <option key={value} value={value}>
            {t.channels[value]}
          </option>
        ))}
      </select>
      <select
        aria-label={t.severity}
        className="select-sm"
        value={severity ?? ''}
        onChange={({ target }) => address.go({ severity: (target.value || null) as Severity | null })}
      >
        <option value="">{t.anySeverity}</option>
        {severities.map((value) => (
          <option key={value} value={value}>
            {t.severities[value]}
          </option>
        ))}
      </select>
      <div className="flex gap-1.5">
        <button
          type="button"
          aria-pressed={Boolean(breached)}
          className={`btn btn-sm flex-1 px-2 ${breached ? 'btn-primary' : 'btn-quiet'}`}
          onClick={() => address.go({ breached: breached ? null : true })}
        >
          {t.late}
        </button>
        <button type="button" aria-label={t.views} title={t.views} aria-keyshortcuts="v" className="btn btn-sm btn-quiet px-2" onClick={() => openDialog('views')}>
          <Icon name="star" size={14} />
        </button>
      </div>
    </div>
  );
}

function QueueList({ address, queue, listRef }: QueuePaneProps) {
  const { t, chosen, choose } = useDesk();
  const { texts } = useSite();
  const now = useNow();
  const { query, items, asOf } = queue;
  const shown = items.map(({ conversation_id: id }) => id);
  const selected = shown.filter((id) => chosen.includes(id));
  const prefetch = usePrefetch();
  const handlers = useAnchoredList(listRef, items);

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={listRef} className={`h-full overflow-y-auto ${selected.length > 0 ? 'pb-32' : ''}`} aria-busy={query.isPending} {...handlers}>
        {query.isError && (
          <div className="p-3">
            <Notice
              kind="danger"
              title={t.failedList}
              action={
                <button type="button" className="btn btn-sm btn-quiet" onClick={() => void query.refetch()}>
                  {texts.common.retry}
                </button>
              }
            >
              {failureText(query.error, texts)}
            </Notice>
          </div>
        )}
        {query.isPending && <ListSkeleton />}
        {query.isSuccess && items.length === 0 && <EmptyQueue address={address} />}
        <ul aria-label={t.queue[address.filters.queue]} className="divide-y divide-line" data-testid="queue">
          {items.map((item) => (
            <QueueLine
              key={item.conversation_id}
              item={item}
              now={now}
              onAim={prefetch}
              isOpen={item.conversation_id === address.open}
              isChosen={chosen.includes(item.conversation_id)}
              onChoose={choose}
              href={address.hrefOf({ c: item.conversation_id })}
            />
          ))}
        </ul>
        {query.hasNextPage && (
          <div className="p-3 text-center">
            <button type="button" className="btn btn-sm btn-quiet" disabled={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {query.isFetchingNextPage ? texts.common.loading : t.moreItems}
            </button>
          </div>
        )}
      </div>
      {selected.length > 0 && asOf && <BulkBar chosen={selected} shown={shown} asOf={asOf} />}
      <NewAbove items={items} listRef={listRef} queue={address.filters.queue} />
    </div>
  );
}

/** How many conversations have arrived above what is seen of the list. */
function NewAbove({ items, listRef, queue }: { items: QueueItem[]; listRef: RefObject<HTMLDivElement | null>; queue: string }) {
  const { t, language } = useDesk();
  const [n, setN] = useState(0);
  const known = useRef<{ queue: string; ids: Set<string> } | null>(null);

  useEffect(() => {
    const list = listRef.current;
    const before = known.current;
    known.current = { queue, ids: new Set(items.map((item) => item.conversation_id)) };
    if (!list || before?.queue !== queue || before.ids.size === 0) return setN(0);
    const top = list.getBoundingClientRect().top;
    const isAbove = (id: string) => {
      const line = list.querySelector(`[data-line="${id}"]`);
      return line !== null && line.getBoundingClientRect().bottom <= top + 1;
    };
    const fresh = items.filter(({ conversation_id: id }) => !before.ids.has(id) && isAbove(id)).length;
    if (fresh > 0) setN((now) => now + fresh);
  }, [items, listRef, queue]);

  useEffect(() => {
    const list = listRef.current;
    const look = () => list && list.scrollTop <= 0 && setN(0);
    list?.addEventListener('scroll', look, { passive: true });
    return () => list?.removeEventListener('scroll', look);
  }, [listRef]);

  if (n === 0) return null;
  return (
    <button
      type="button"
      data-testid="new-above"
      className="btn btn-sm btn-primary absolute inset-x-0 top-2 mx-auto w-fit shadow-pop"
      onClick={() => listRef.current?.scrollTo({ top: 0 })}
    >
      {plural(t.newAbove, n, language)}
    </button>
  );
}

function EmptyQueue({ address }: { address: Address }) {
  const { t } = useDesk();
  const { queue, channel, severity, breached, more } = address.filters;
  if (!channel && !severity && !breached && !more) {
    return (
      <Empty icon="ticket" title={t.empty[queue].title}>
        {t.empty[queue].text}
      </Empty>
    );
  }
  const clear = (
    <button type="button" className="btn btn-quiet" onClick={() => address.go({ channel: null, severity: null, breached: null, more: null })}>
      {t.clearFilter}
    </button>
  );
  return (
    <Empty icon="search" title={t.emptyFiltered.title} action={clear}>
      {t.emptyFiltered.text}
    </Empty>
  );
}

function ListSkeleton() {
  const { texts } = useSite();
  return (
    <div>
      <p role="status" className="sr-only">
        {texts.common.loading}
      </p>
      {[0, 1, 2, 3, 4, 5].map((n) => (
        <div key={n} aria-hidden="true" className="space-y-1.5 border-b border-line px-3.5 py-2.5">
          <div className="skeleton h-4 w-2/5" />
          <div className="skeleton h-4 w-4/5" />
          <div className="skeleton h-4 w-1/2" />
        </div>
      ))}
    </div>
  );
}
