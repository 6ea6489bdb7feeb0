import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Notice } from '@/components/Notice';
import { Time } from '@/components/Time';
import { answered, api } from '@/lib/api/client';
import type { WebhookEndpoint, WebhookWithSecret } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { webhookTexts } from '@/texts/webhooks';

const ConfirmDialog = dynamic(() => import('@/components/ConfirmDialog'), { ssr: false });

type Act = (call: () => Promise<WebhookWithSecret | null>) => Promise<boolean>;

/** One endpoint with its state, and what can be done with it. */
export function Endpoint({ webhook, onAct }: { webhook: WebhookEndpoint; onAct: Act }) {
  const { texts } = useSite();
  const t = webhookTexts(texts);
  const [asks, setAsks] = useState<'remove' | 'rotate' | null>(null);
  const path = { params: { path: { id: webhook.id } } };
  const test = async () => {
    await answered(api().POST('/staff/webhooks/{id}/test', { ...path, body: {} }));
    return null;
  };
  const rotate = () => answered(api().POST('/staff/webhooks/{id}/rotate', { ...path, body: {} }));
  const remove = async () => {
    await answered(api().DELETE('/staff/webhooks/{id}', path));
    return null;
  };
  const confirmed = async (call: () => Promise<WebhookWithSecret | null>) => {
    await onAct(call);
    setAsks(null);
  };
  return (
    <li className="rounded-lg border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p dir="ltr" className="min-w-0 font-mono text-sm break-all">
          {webhook.url}
        </p>
        <State webhook={webhook} />
      </div>
      <p dir="ltr" className="mt-1 font-mono text-xs break-words text-ink-mute">
        {webhook.types.join(', ')}
      </p>
      {webhook.disabled_at && <p className="mt-2 text-sm text-ink-soft">{t.disabled}</p>}
      {!webhook.disabled_at && webhook.failing_since && (
        <p className="mt-2 text-sm text-ink-soft">
          {t.since} <Time iso={webhook.failing_since} />
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-2">
        <button type="button" className="btn btn-quiet" disabled={webhook.disabled_at !== null} onClick={() => void onAct(test)}>
          {t.test}
        </button>
        <button type="button" className="btn btn-quiet" onClick={() => setAsks('rotate')}>
          {t.rotate}
        </button>
        <button type="button" className="btn btn-danger" onClick={() => setAsks('remove')}>
          {t.remove}
        </button>
      </div>
      <Deliveries webhook={webhook} onAct={onAct} />
      {asks === 'rotate' && (
        <ConfirmDialog title={t.rotate} text={t.rotateText} confirm={t.rotate} onConfirm={() => void confirmed(rotate)} onClose={() => setAsks(null)} />
      )}
      {asks === 'remove' && (
        <ConfirmDialog title={t.remove} text={t.removeText} confirm={t.remove} isDanger onConfirm={() => void confirmed(remove)} onClose={() => setAsks(null)} />
      )}
    </li>
  );
}

function State({ webhook }: { webhook: WebhookEndpoint }) {
  const { texts } = useSite();
  const t = webhookTexts(texts);
  if (webhook.disabled_at) return <span className="pill bg-danger-soft text-danger">{t.off}</span>;
  if (webhook.failing_since) return <span className="pill bg-warn-soft text-warn">{t.failing}</span>;
  return <span className="pill bg-good-soft text-good">{t.working}</span>;
}

/** The newest events of an endpoint, read when they are asked for. */
function Deliveries({ webhook, onAct }: { webhook: WebhookEndpoint; onAct: Act }) {
  const { texts, language } = useSite();
  const t = webhookTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const query = { params: { path: { id: webhook.id }, query: { limit: 20 } } };
  const events = useQuery({
    queryKey: ['webhooks', webhook.id, 'deliveries'],
    queryFn: () => answered(api().GET('/staff/webhooks/{id}/deliveries', query)),
    enabled: isOpen,
    refetchInterval: isOpen ? 5_000 : false,
  });
  const again = (id: string) => async () => {
    await answered(api().POST('/staff/webhook-deliveries/{id}/redeliver', { params: { path: { id } }, body: {} }));
    return null;
  };
  return (
    <details className="mt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-8 text-sm font-medium text-accent-text">{t.events}</summary>
      {events.isError && <Notice kind="danger">{failureText(events.error, texts)}</Notice>}
      {events.data?.items.length === 0 && <p className="text-sm text-ink-soft">{t.noEvents}</p>}
      <ul className="divide-y divide-line text-sm">
        {events.data?.items.map((event) => (
          <li key={event.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
            <span dir="ltr" className="font-mono text-xs">
              {event.type}
            </span>
            <Time iso={event.timestamp} />
            <span>{t.states[event.state]}</span>
            <span className="text-ink-mute">{plural(t.attempts, event.attempts, language)}</span>
            {event.error && <span className="text-ink-mute">{event.error}</span>}
            {event.state !== 'pending' && !webhook.disabled_at && (
              <button type="button" className="btn btn-quiet ms-auto" onClick={() => void onAct(again(event.id))}>
                {t.again}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
