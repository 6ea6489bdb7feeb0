import { useState } from 'react';
import { type ReplayedTurn, replayTurn } from '@/lib/console/copilot';
import { useDesk } from '@/lib/console/desk';
import { refusalText } from '@/lib/console/refusal';
import { useSite } from '@/lib/i18n';
import { copilotTexts } from '@/texts/copilot';

/** Whether the bot would do the same again from what it had recorded. Nothing is sent, and no model is asked. */
export default function Replay({ turn }: { turn: string }) {
  const { texts } = useSite();
  const { t: desk, language } = useDesk();
  const t = copilotTexts(language);
  const [found, setFound] = useState<ReplayedTurn | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);

  const run = async () => {
    if (isRunning) return;
    setRunning(true);
    setProblem(null);
    try {
      setFound(await replayTurn(turn));
    } catch (error) {
      setProblem(refusalText(error, desk, texts));
    }
    setRunning(false);
  };
  const difference = found?.first_difference;
  return (
    <div data-testid="replay" data-verdict={found?.verdict}>
      <button type="button" className="btn btn-sm btn-quiet" aria-disabled={isRunning} title={t.replayHelp} onClick={() => void run()}>
        {t.replay}
      </button>
      <p role="status" className={`mt-1 font-medium ${problem ? 'text-danger' : 'text-ink'}`}>
        {problem ?? (found ? { same: t.replaySame, reworded: t.replayReworded, different: t.replayDifferent }[found.verdict] : '')}
      </p>
      {difference && (
        <dl className="mt-1 space-y-1">
          <dt className="text-ink-mute">{t.replayThen}</dt>
          <dd className="whitespace-pre-line wrap-anywhere">{difference.recorded || '–'}</dd>
          <dt className="text-ink-mute">{difference.part === 'path' ? t.replayPath : t.replayNow}</dt>
          <dd className="whitespace-pre-line wrap-anywhere">{difference.replayed || '–'}</dd>
        </dl>
      )}
    </div>
  );
}
