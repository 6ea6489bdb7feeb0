import * as Dialog from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { useSite } from '@/lib/i18n';

interface ConfirmProps {
  title: string;
  text: string;
  confirm: string;
  isBusy?: boolean;
  isDanger?: boolean;
  error?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back. Loaded when it is first needed. */
export default function ConfirmDialog({ title, text, confirm, isBusy, isDanger, error, onConfirm, onClose }: ConfirmProps) {
  const { texts } = useSite();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Dialog.Content className="enter fixed inset-x-4 bottom-4 z-50 mx-auto max-w-md rounded-xl border border-line bg-raised p-6 shadow-pop sm:top-1/3 sm:bottom-auto">
          <Dialog.Title className="text-lg">{title}</Dialog.Title>
          <Dialog.Description className="mt-2 text-sm text-ink-soft">{text}</Dialog.Description>
          {error && <div className="mt-4">{error}</div>}
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Dialog.Close className="btn btn-quiet">{texts.common.cancel}</Dialog.Close>
            <button
              type="button"
              className={`btn ${isDanger ? 'btn-danger' : 'btn-primary'}`}
              disabled={isBusy}
              onClick={onConfirm}
            >
              {confirm}
            </button>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
