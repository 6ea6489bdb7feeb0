import * as Dialog from '@radix-ui/react-dialog';
import type { ReactNode } from 'react';
import { Icon } from '@/components/Icon';
import { useDesk } from '@/lib/console/desk';

/** A dialog of the console: it takes the focus and gives it back. */
export function Modal({ title, isTitleHidden, text, isWide, children }: {
  title: string;
  isTitleHidden?: boolean;
  text?: string;
  isWide?: boolean;
  children: ReactNode;
}) {
  const { t, openDialog } = useDesk();
  return (
    <Dialog.Root open onOpenChange={(isOpen) => !isOpen && openDialog(null)}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.45)]" />
        <Dialog.Content
          {...(text ? {} : { 'aria-describedby': undefined })}
          className={`fixed inset-x-3 top-[8vh] z-50 mx-auto flex max-h-[84vh] flex-col overflow-y-auto rounded-xl border border-line bg-raised text-sm text-ink shadow-pop ${isWide ? 'max-w-2xl' : 'max-w-md'}`}
        >
          <div className={isTitleHidden ? 'sr-only' : 'flex items-start justify-between gap-3 px-5 pt-4'}>
            <div>
              <Dialog.Title className="text-lg">{title}</Dialog.Title>
              {text && <Dialog.Description className="mt-1 text-sm text-ink-soft">{text}</Dialog.Description>}
            </div>
            {!isTitleHidden && (
              <Dialog.Close className="icon-btn -me-2 size-9" aria-label={t.close}>
                <Icon name="close" size={16} />
              </Dialog.Close>
            )}
          </div>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
