import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '@/components/CopyButton';
import { Notice } from '@/components/Notice';
import { answered, api, ApiError } from '@/lib/api/client';
import type { WebhookWithSecret } from '@/lib/api/types';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { webhookTexts } from '@/texts/webhooks';
import { AddWebhook } from './AddWebhook';
import { Endpoint } from './Endpoint';

/** The endpoints of other systems that get events: for admins. Loaded when an admin needs it. */
export default function Webhooks() {
  const { texts } = useSite();
  const t = webhookTexts(texts);
  const queries = useQueryClient();
  const [shown, setShown] = useState<WebhookWithSecret | null>(null);
  const [error, setError] = useState<string | null>(null);
  const webhooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => answered(api().GET('/staff/webhooks')),
    retry: (failures, failure) => failures < 2 && failure instanceof ApiError && failure.isTemporary,
  });

  const act = async (call: () => Promise<WebhookWithSecret | null>): Promise<boolean> => {
    setError(null);
    try {
      setShown(await call());
    } catch (failure) {
      const wrong = failure instanceof ApiError ? failure.problem.errors?.[0] : undefined;
      setError(wrong ? `${wrong.field === 'url' ? t.url : t.types}: ${wrong.message}.` : failureText(failure, texts));
      return false;
    }
    await queries.invalidateQueries({ queryKey: ['webhooks'] });
    return true;
  };

  return (
    <section aria-labelledby="webhooks-title" className="card p-6 lg:col-span-2">
      <h2 id="webhooks-title" className="text-lg">
        {t.title}
      </h2>
      <p className="mt-1 text-sm text-ink-mute">{t.text}</p>
      <div className="mt-5 space-y-5">
        {error && <Notice kind="danger">{error}</Notice>}
        {webhooks.isError && <Notice kind="danger">{failureText(webhooks.error, texts)}</Notice>}
        {webhooks.isPending && <div aria-hidden="true" className="skeleton h-11 w-32" />}
        {shown && <Secret webhook={shown} />}
        {webhooks.data?.items.length === 0 && <p className="text-sm text-ink-soft">{t.none}</p>}
        <ul className="space-y-4">
          {webhooks.data?.items.map((webhook) => (
            <Endpoint key={webhook.id} webhook={webhook} onAct={act} />
          ))}
        </ul>
        <AddWebhook onAct={act} />
      </div>
    </section>
  );
}

function Secret({ webhook }: { webhook: WebhookWithSecret }) {
  const { texts } = useSite();
  const t = webhookTexts(texts);
  return (
    <div role="status" className="rounded-lg bg-sunken p-4">
      <h3 className="text-sm font-semibold">{t.secret}</h3>
      <p className="mt-1 text-sm text-ink-soft">{t.secretText}</p>
      <p data-testid="webhook-secret" dir="ltr" className="my-3 font-mono text-sm break-all select-all">
        {webhook.secret}
      </p>
      <CopyButton text={webhook.secret} label={texts.common.copyText} />
    </div>
  );
}
