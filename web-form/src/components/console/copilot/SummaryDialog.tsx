import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Notice } from '@/components/Notice';
import type { DeskConversation } from '@/lib/api/desk';
import { summarize, type Summary } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { useJump } from '@/lib/console/useJump';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { dateTime } from '@/lib/time';
import { copilotTexts } from '@/texts/copilot';
import { mood } from '../conversation/Brief';
import { authorName } from '../conversation/MessageCard';
import { Modal } from '../dialogs/Modal';

/** What a long thread is about, in points that lead to their messages. */
export function SummaryDialog({ conversation }: { conversation: DeskConversation }) {
  const { texts } = useSite();
  const { t: desk, language, openDialog } = useDesk();
  const t = copilotTexts(language);
  const id = conversation.conversation_id;
  const { mutate, data, error, isPending } = useMutation({ mutationFn: (renew: boolean) => summarize(id, renew) });
  useEffect(() => mutate(false), [mutate]);
  const { jump, isLoading } = useJump(id, () => openDialog(null));
  const [problem, setProblem] = useState<unknown>(null);
  const failure = error ?? problem;

  const go = (message: string) => {
    setProblem(null);
    if (!isLoading) jump(message).catch(setProblem);
  };
  return (
    <Modal title={t.summaryTitle} text={t.summaryText} isWide>
      <div className="min-h-0 space-y-3 overflow-y-auto px-5 pt-3 pb-5">
        <div role="status" data-testid="summary" aria-busy={isPending || isLoading}>
          {isPending && <p className="text-ink-mute">{t.summarizing}</p>}
          {isLoading && <p className="text-ink-mute">{t.messageLoading}</p>}
          {failure !== null && (
            <Notice kind="danger" title={desk.searchFailed}>
              {refusalText(failure, desk, texts)}
            </Notice>
          )}
          {data && data.points.length === 0 && <p>{t.summaryNone}</p>}
        </div>
        {data && <Points summary={data} conversation={conversation} onGo={go} />}
        {data && <Basis summary={data} onRenew={() => mutate(true)} />}
      </div>
    </Modal>
  );
}

interface PointsProps {
  summary: Summary;
  conversation: DeskConversation;
  onGo: (message: string) => void;
}

/** The texts are shown as they are: a link in them would lead where a customer, or a model, wants it to. */
function Points({ summary, conversation, onGo }: PointsProps) {
  const { t: desk, language } = useDesk();
  const t = copilotTexts(language);
  const kinds = { wish: t.pointWish, tried: t.pointTried, open_question: t.pointOpen, promise: t.pointPromise, fact: t.pointFact };
  const label = (source: string) => {
    const message = conversation.messages.find((one) => one.id === source);
    return message ? `${authorName(message, desk.customer, desk)}, ${dateTime(message.created_at, language)}` : t.olderMessage;
  };
  return (
    <ul className="space-y-2">
      {summary.points.map(({ kind, text, sources }, n) => (
        <li key={n} data-testid="summary-point" data-kind={kind} className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <p className="text-xs leading-[1.375rem] text-ink-mute">{kinds[kind]}</p>
          <div>
            <p className="wrap-anywhere">{text}</p>
            <p className="flex flex-wrap gap-x-3 text-xs">
              {sources.map((source) => (
                <button key={source} type="button" className="link min-h-6" onClick={() => onGo(source)}>
                  {label(source)}
                </button>
              ))}
            </p>
          </div>
        </li>
      ))}
      {summary.sentiment !== null && (
        <li className="grid gap-x-3 sm:grid-cols-[8rem_minmax(0,1fr)]">
          <p className="text-xs leading-[1.375rem] text-ink-mute">{desk.mood}</p>
          <p>{mood(summary.sentiment, desk.moods)}</p>
        </li>
      )}
    </ul>
  );
}

/** What the summary was made from, and a new one where there is more. */
function Basis({ summary, onRenew }: { summary: Summary; onRenew: () => void }) {
  const { language } = useDesk();
  const t = copilotTexts(language);
  const { made_from: from, newer, model, at } = summary;
  const values = { messages: from.messages, total: from.total, time: dateTime(at, language) };
  return (
    <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3 text-xs text-ink-mute">
      <p className="min-w-0 flex-1">
        {fill(t.summaryCovers, values)}. {model ?? t.summaryQuoted}
      </p>
      {newer > 0 && (
        <>
          <p data-testid="summary-newer" className="font-medium text-warn">
            {plural({ one: t.summaryNewerOne, other: t.summaryNewer }, newer, language)}
          </p>
          <button type="button" className="btn btn-sm btn-quiet" onClick={onRenew}>
            {t.summaryRenew}
          </button>
        </>
      )}
    </div>
  );
}
