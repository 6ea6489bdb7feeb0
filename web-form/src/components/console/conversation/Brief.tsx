import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { Notice } from '@/components/Notice';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { clock } from '@/lib/console/time';
import type { Actions } from '@/lib/console/useActions';
import { fill } from '@/lib/fill';

/** What staff must know first: why the bot handed over, what it tried, what is open. */
export function Brief({ conversation }: { conversation: DeskConversation }) {
  const { t } = useDesk();
  const brief = conversation.hand_off;
  if (!brief) return null;
  // Once a person has answered, the thread says more than the brief.
  const isNew = conversation.status === 'escalated' && !conversation.messages.some(({ role, kind }) => role === 'staff' && kind === 'message');
  return (
    <details key={brief.escalation_id} open={isNew} data-testid="brief" className="group border-b border-line bg-warn-soft/60 px-3 sm:px-5">
      <summary className="flex min-h-9 items-center gap-2 text-sm font-semibold">
        <span className="text-warn">
          <Icon name="person" size={15} />
        </span>
        {t.brief}
        {conversation.reason && <span className="chip chip-warn">{t.reason[conversation.reason]}</span>}
        <span className="min-w-0 flex-1 truncate font-normal text-ink-soft group-open:invisible">{brief.wish}</span>
      </summary>
      <dl className="max-h-[16vh] space-y-1 sm:max-h-[24vh] overflow-y-auto pb-2.5 text-sm" tabIndex={0}>
        <Row term={t.wish}>{brief.wish}</Row>
        {brief.open_question && brief.open_question !== brief.wish && <Row term={t.openQuestion}>{brief.open_question}</Row>}
        {brief.tried.length > 0 && <Row term={t.tried}>{<Lines items={brief.tried} />}</Row>}
        {brief.promises.length > 0 && <Row term={t.promises}>{<Lines items={brief.promises} />}</Row>}
        {conversation.sentiment !== null && <Row term={t.mood}>{mood(conversation.sentiment, t.moods)}</Row>}
        {brief.sources.length > 0 && (
          <Row term={t.sources}>
            {brief.sources.map(({ id, title }) => (
              <a key={id} href={`/help?id=${encodeURIComponent(id)}`} target="_blank" rel="noopener" className="link me-3">
                {title}
              </a>
            ))}
          </Row>
        )}
      </dl>
    </details>
  );
}

function Row({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <dt className="text-xs leading-[1.375rem] text-ink-mute">{term}</dt>
      <dd className="wrap-anywhere">{children}</dd>
    </div>
  );
}

function Lines({ items }: { items: string[] }) {
  if (items.length === 1) return <>{items[0]}</>;
  return (
    <ul className="list-disc ps-4">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

export function mood(sentiment: number, moods: { low: string; middle: string; high: string }): string {
  return sentiment < 0.35 ? moods.low : sentiment < 0.65 ? moods.middle : moods.high;
}

/** What the take-over found the bot doing. It stays until it was read. */
export function ReceiptLine({ id }: { id: string }) {
  const { t, language, receipts, keepReceipt } = useDesk();
  const receipt = receipts[id];
  if (!receipt) return null;
  return (
    <div
      role="status"
      data-testid="receipt"
      data-result={receipt.result}
      className={`flex items-center gap-2 border-t px-3 py-1.5 text-sm sm:px-5 ${
        receipt.result === 'sent_before' ? 'border-warn/40 bg-warn-soft' : 'border-good/40 bg-good-soft'
      }`}
    >
      <span className={receipt.result === 'sent_before' ? 'text-warn' : 'text-good'}>
        <Icon name={receipt.result === 'sent_before' ? 'alert' : 'check'} size={15} />
      </span>
      <p className="min-w-0 flex-1">{fill(t.receipt[receipt.result], { time: receipt.at ? clock(receipt.at, language) : '' })}</p>
      <button type="button" className="icon-btn -my-1 size-7" aria-label={t.close} onClick={() => keepReceipt(id, null)}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

/** A message that the bot could not process, with the way to try again. */
export function ParkedNotice({ conversation, actions }: { conversation: DeskConversation; actions: Actions }) {
  const { t } = useDesk();
  const [parked] = conversation.parked;
  if (!parked) return null;
  const retry = (
    <button type="button" className="btn btn-sm btn-quiet" onClick={() => void actions.retryParked(conversation.conversation_id, parked)}>
      {t.parkedRetry}
    </button>
  );
  return (
    <div className="border-b border-line p-3">
      <Notice kind="warn" title={t.parkedTitle} action={retry}>
        {t.parkedText}
      </Notice>
    </div>
  );
}
