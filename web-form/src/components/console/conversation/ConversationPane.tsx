import { useEffect } from 'react';
import { Empty } from '@/components/Empty';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import type { DeskConversation } from '@/lib/api/desk';
import { useDesk } from '@/lib/console/desk';
import { HEADING, type Mode } from '@/lib/console/focus';
import type { Actions } from '@/lib/console/useActions';
import type { useConversation } from '@/lib/console/useConversation';
import { useTakeBack } from '@/lib/console/useReply';
import { failureText } from '@/lib/failure';
import { useSite } from '@/lib/i18n';
import { Brief, ParkedNotice, ReceiptLine } from './Brief';
import { ConversationHead } from './ConversationHead';
import { ReplyBox } from './ReplyBox';
import { Thread } from './Thread';

interface ConversationPaneProps {
  id: string | null | undefined;
  query: ReturnType<typeof useConversation>;
  customer: string;
  addresses: string[];
  actions: Actions;
  mode: Mode;
  onMode: (mode: Mode) => void;
  onBack: () => void;
  onDetails: () => void;
}

/** The open conversation, or what to do where none is open. */
export function ConversationPane({ id, query, ...others }: ConversationPaneProps) {
  const { t } = useDesk();
  return (
    <section id="content" tabIndex={-1} aria-label={t.conversation} className="pane pane-conversation outline-none">
      {id === null ? (
        <Empty icon="person" title={t.chooseTitle}>
          {t.chooseText}
        </Empty>
      ) : query.data ? (
        <Loaded conversation={query.data} {...others} />
      ) : (
        <Missing query={query} />
      )}
    </section>
  );
}

function Missing({ query }: Pick<ConversationPaneProps, 'query'>) {
  const { texts } = useSite();
  const { t } = useDesk();
  const { error } = query;
  if (error instanceof ApiError && (error.status === 404 || error.status === 422)) {
    return (
      <Empty icon="search" title={t.goneTitle}>
        {t.goneText}
      </Empty>
    );
  }
  if (error) {
    const retry = (
      <button type="button" className="btn btn-sm btn-quiet" onClick={() => void query.refetch()}>
        {texts.common.retry}
      </button>
    );
    return (
      <div className="p-4">
        <Notice kind="danger" title={t.failedConversation} action={retry}>
          {failureText(error, texts)}
        </Notice>
      </div>
    );
  }
  return (
    <div aria-busy="true" className="flex min-h-0 flex-1 flex-col">
      <p role="status" className="sr-only">
        {texts.common.loading}
      </p>
      <div aria-hidden="true" className="space-y-2 border-b border-line px-5 py-3">
        <div className="skeleton h-6 w-1/2" />
        <div className="skeleton h-4 w-2/3" />
        <div className="skeleton h-8 w-3/4" />
      </div>
      <div aria-hidden="true" className="flex flex-1 flex-col justify-end gap-4 p-5">
        <div className="skeleton h-16 w-3/5 rounded-lg" />
        <div className="skeleton ms-auto h-24 w-3/5 rounded-lg" />
      </div>
    </div>
  );
}

function Loaded({ conversation, customer, addresses, actions, mode, onMode, onBack, onDetails }: Omit<ConversationPaneProps, 'id' | 'query'> & { conversation: DeskConversation }) {
  const id = conversation.conversation_id;
  const takeBack = useTakeBack(actions.settle);
  useFocusOnOpen(id);
  return (
    <>
      <ConversationHead conversation={conversation} customer={customer} actions={actions} onBack={onBack} onDetails={onDetails} />
      <ParkedNotice conversation={conversation} actions={actions} />
      <Brief conversation={conversation} />
      <Thread
        key={id}
        conversation={conversation}
        customer={customer}
        addresses={addresses}
        onResend={(delivery, to) => void actions.resend(id, delivery, to)}
        onTakeBack={(message) => void takeBack(id, message)}
      />
      <ReceiptLine id={id} />
      <ReplyBox
        key={`reply-${id}`}
        conversation={conversation}
        customer={customer}
        address={addresses[0] ?? null}
        mode={mode}
        onMode={onMode}
        actions={actions}
      />
    </>
  );
}

/** Whoever opens a conversation from the queue goes on in it, also with a screen reader. */
function useFocusOnOpen(id: string): void {
  useEffect(() => {
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? '');
    if (!isTyping) document.getElementById(HEADING)?.focus({ preventScroll: true });
  }, [id]);
}
