import dynamic from 'next/dynamic';
import { useDesk } from '@/lib/console/desk';
import type { DeliveryState, DeskMessage, MessageDelivery } from '@/lib/api/desk';
import { fill } from '@/lib/fill';
import { DeskIcon } from '../DeskIcon';

const Countdown = dynamic(() => import('./Countdown'), { ssr: false });

const order: DeliveryState[] = ['failed', 'pending', 'sending', 'sent', 'delivered', 'read', 'withdrawn'];

interface DeliveriesProps {
  message: DeskMessage;
  /** Addresses of the customer to which a failed message can be sent instead. */
  addresses: string[];
  onResend: (delivery: string, to?: string) => void;
  onTakeBack: (() => void) | null;
}

/** Where a message is on its way, in words; what failed names the address and the cause. */
export function Deliveries({ message, addresses, onResend, onTakeBack }: DeliveriesProps) {
  const { t, language } = useDesk();
  const state = stateOf(message);
  if (!state) return null;
  const pending = message.deliveries.find((delivery) => delivery.state === 'pending');
  const isWaiting = pending !== undefined && Date.parse(pending.send_at) > Date.now();
  return (
    <div className="mt-1 space-y-1 text-xs text-ink-mute">
      <p data-testid="delivery" data-state={state} className={`inline-flex items-center gap-1 ${state === 'failed' ? 'font-semibold text-danger' : ''}`}>
        <DeskIcon name={state === 'failed' ? 'alert' : state === 'pending' || state === 'sending' ? 'clock' : state === 'withdrawn' ? 'undo' : 'check'} size={12} />
        {isWaiting ? <Countdown until={pending.send_at} /> : t.delivery[state]}
        {onTakeBack && state === 'pending' && (
          <button type="button" className="btn btn-sm btn-plain min-h-6" onClick={onTakeBack}>
            {t.undo}
          </button>
        )}
      </p>
      {message.deliveries.some((delivery) => delivery.in_doubt) && <p className="text-warn">{t.inDoubt}</p>}
      {message.delivery_error && !message.deliveries.some(({ failed }) => failed.length > 0) && (
        <p className="text-warn wrap-anywhere">{message.delivery_error}</p>
      )}
      {message.deliveries.map((delivery) => (
        <Failure key={delivery.id} delivery={delivery} addresses={addresses} onResend={onResend} />
      ))}
    </div>
  );
}

function Failure({ delivery, addresses, onResend }: { delivery: MessageDelivery } & Pick<DeliveriesProps, 'addresses' | 'onResend'>) {
  const { t } = useDesk();
  if (delivery.state !== 'failed') return null;
  const tried = new Set([...delivery.to, ...delivery.failed.map(({ address }) => address)]);
  const others = addresses.filter((address) => !tried.has(address));
  return (
    <div className="rounded-md border border-danger/40 bg-danger-soft p-2 text-start text-ink">
      <ul>
        {delivery.failed.map(({ address, cause, detail }, n) => (
          <li key={address ?? n} className="wrap-anywhere">
            {address ? fill(t.failedTo, { address, cause: cause ? t.cause[cause] : t.delivery.failed }) : cause && t.cause[cause]}{' '}
            {detail && <span className="text-ink-soft">{detail}</span>}
          </li>
        ))}
      </ul>
      <div className="mt-1.5 flex flex-wrap gap-1.5">
        <button type="button" className="btn btn-sm btn-quiet" onClick={() => onResend(delivery.id)}>
          {t.resend}
        </button>
        {others.map((address) => (
          <button key={address} type="button" className="btn btn-sm btn-quiet" onClick={() => onResend(delivery.id, address)}>
            {fill(t.resendTo, { address })}
          </button>
        ))}
      </div>
    </div>
  );
}

/** A message in parts is as far as the part that is furthest behind. */
function stateOf({ deliveries, delivery_status: status }: DeskMessage): DeliveryState | null {
  const states = new Set(deliveries.map(({ state }) => state));
  return order.find((state) => states.has(state)) ?? status;
}
