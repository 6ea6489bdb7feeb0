import { useId, useState, type FormEvent } from 'react';
import { answered, api } from '@/lib/api/client';
import type { WebhookEvent, WebhookWithSecret } from '@/lib/api/types';
import { useSite } from '@/lib/i18n';
import { webhookTexts } from '@/texts/webhooks';

const EVENTS: readonly WebhookEvent[] = [
  'ticket.created',
  'ticket.resolved',
  'ticket.reopened',
  'ticket.closed',
  'ticket.rated',
  'message.received',
  'message.sent',
  'message.parked',
  'delivery.failed',
  'escalation.created',
  'escalation.reminder',
  'conversation.claimed',
  'conversation.handed_back',
];

/** The form of a new endpoint. */
export function AddWebhook({ onAct }: { onAct: (call: () => Promise<WebhookWithSecret>) => Promise<boolean> }) {
  const { texts } = useSite();
  const t = webhookTexts(texts);
  const id = useId();
  const [url, setUrl] = useState('');
  const [types, setTypes] = useState<WebhookEvent[]>([]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const isAdded = await onAct(() => answered(api().POST('/staff/webhooks', { body: { url: url.trim(), types } })));
    if (!isAdded) return;
    setUrl('');
    setTypes([]);
  };
  const toggle = (type: WebhookEvent) =>
    setTypes((chosen) => (chosen.includes(type) ? chosen.filter((other) => other !== type) : [...chosen, type]));

  return (
    <details>
      <summary className="min-h-8 text-sm font-medium text-accent-text">{t.add}</summary>
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-3 space-y-4">
        <div>
          <label htmlFor={`${id}-url`} className="field-label">
            {t.url}
          </label>
          <input
            id={`${id}-url`}
            type="url"
            dir="ltr"
            value={url}
            placeholder="https://"
            aria-describedby={`${id}-note`}
            className="field"
            onChange={(event) => setUrl(event.target.value)}
          />
          <p id={`${id}-note`} className="mt-1 text-xs text-ink-mute">
            {t.urlNote}
          </p>
        </div>
        <fieldset>
          <legend className="field-label">{t.types}</legend>
          <div className="mt-1.5 grid gap-x-6 gap-y-1 sm:grid-cols-2 lg:grid-cols-3">
            {EVENTS.map((type) => (
              <label key={type} className="flex min-h-8 items-center gap-2 text-sm">
                <input type="checkbox" checked={types.includes(type)} onChange={() => toggle(type)} />
                <span dir="ltr" className="font-mono text-xs">
                  {type}
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <button type="submit" className="btn btn-primary" disabled={url.trim() === '' || types.length === 0}>
          {t.save}
        </button>
      </form>
    </details>
  );
}
