import { useEffect, useRef, useState } from 'react';
import { CopyButton } from '@/components/CopyButton';
import { Icon } from '@/components/Icon';
import type { SubmissionReceipt } from '@/lib/api/types';
import { plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { isEmbedded } from '@/lib/prefill';

/** What a customer gets for a question: number, link and expected time. */
export function Sent({ receipt, onAnother }: { receipt: SubmissionReceipt; onAnother: () => void }) {
  const { texts, language } = useSite();
  const t = texts.form;
  // The server's usual wording can be said in the reader's language; any other is shown as it is.
  const minutes = /^Usually within (\d+) minutes$/.exec(receipt.estimated_response_time)?.[1];
  const heading = useRef<HTMLHeadingElement>(null);
  const [embedded] = useState(isEmbedded);
  const path = `/ticket?id=${receipt.ticket_id}`;
  const url = new URL(path, window.location.href).href;

  useEffect(() => heading.current?.focus(), []);

  return (
    <div className="enter">
      <span className="flex size-12 items-center justify-center rounded-full bg-good-soft text-good">
        <Icon name="check" size={26} />
      </span>
      <h2 ref={heading} tabIndex={-1} className="mt-5 text-2xl outline-none">
        {t.sentTitle}
      </h2>
      <p className="mt-2 text-ink-soft">{t.sentText}</p>
      <dl className="mt-6 grid gap-4 sm:grid-cols-2">
        <div className="rounded-lg bg-sunken p-4">
          <dt className="text-xs font-medium text-ink-mute">{t.sentNumber}</dt>
          <dd data-testid="ticket-number" className="mt-1 text-xl font-semibold">
            {receipt.ticket_number}
          </dd>
        </div>
        <div className="rounded-lg bg-sunken p-4">
          <dt className="text-xs font-medium text-ink-mute">{t.sentTime}</dt>
          <dd className="mt-1 text-xl font-semibold">
            {minutes ? plural(t.sentUsually, Number(minutes), language) : <span lang="en">{receipt.estimated_response_time}</span>}
          </dd>
        </div>
      </dl>
      <div className="mt-6">
        <label htmlFor="ticket-link" className="field-label">
          {t.sentLink}
        </label>
        <div className="mt-1.5 flex flex-wrap gap-2">
          <input
            id="ticket-link"
            readOnly
            dir="ltr"
            value={url}
            className="field mt-0 min-w-0 flex-1 basis-56 font-mono text-sm"
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={url} label={texts.common.copy} />
        </div>
        <p className="field-note">{t.sentLinkNote}</p>
      </div>
      <div className="mt-8 flex flex-wrap gap-3">
        <a href={path} target={embedded ? '_blank' : undefined} rel={embedded ? 'noopener' : undefined} className="btn btn-primary">
          {t.open}
          <span className="rtl:-scale-x-100">
            <Icon name="arrow" size={16} />
          </span>
        </a>
        <button type="button" className="btn btn-quiet" onClick={onAnother}>
          {t.another}
        </button>
      </div>
    </div>
  );
}
