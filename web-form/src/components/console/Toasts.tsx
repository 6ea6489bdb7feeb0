import { useEffect, useState } from 'react';
import { type Toast, useDesk } from '@/lib/console/desk';
import { Kbd } from './Kbd';
import { DeskIcon } from './DeskIcon';

const looks = { good: ['check', 'text-good'], danger: ['alert', 'text-danger'], info: ['bell', 'text-accent-text'] } as const;

/** What was done a moment ago, with the way back. They lie where nothing is aimed at: over the details on a desktop. */
export function Toasts() {
  const { toasts } = useDesk();
  return (
    <div aria-live="polite" role="status" className="toasts pointer-events-none fixed z-30 flex flex-col gap-2">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { t, dismiss } = useDesk();
  const left = useSecondsLeft(toast);
  const [icon, colour] = looks[toast.kind];
  const { action } = toast;
  return (
    <div data-testid="toast" className="enter pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-raised p-3 text-sm shadow-pop">
      <span className={`mt-0.5 ${colour}`}>
        <DeskIcon name={icon} size={16} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">{toast.text}</p>
        {action && (
          <button
            type="button"
            className="btn btn-sm btn-plain -ms-2.5 mt-1"
            onClick={() => {
              dismiss(toast.id);
              action.run();
            }}
          >
            {action.isUndo && <DeskIcon name="undo" size={14} />}
            {action.text}
            {action.isUndo && left !== null && (
              <span aria-hidden="true" className="font-normal text-ink-mute tabular-nums">
                {left}
              </span>
            )}
            {action.isUndo && <Kbd of="z" />}
          </button>
        )}
      </div>
      <button type="button" className="icon-btn -m-1 size-7" aria-label={t.close} onClick={() => dismiss(toast.id)}>
        <DeskIcon name="close" size={14} />
      </button>
    </div>
  );
}

/** Counts down to the time of a message, and removes it then. */
function useSecondsLeft({ id, until }: Toast): number | null {
  const { dismiss } = useDesk();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    const tick = () => (Date.now() >= until ? dismiss(id) : setNow(Date.now()));
    const timer = setInterval(tick, 500);
    return () => clearInterval(timer);
  }, [id, until, dismiss]);
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));
}
