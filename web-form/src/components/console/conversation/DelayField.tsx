import { useDesk } from '@/lib/console/desk';
import { inSeconds } from '@/lib/console/time';
import { fill } from '@/lib/fill';
import { copilotTexts } from '@/texts/copilot';

/** Seconds that a reply can wait before it leaves. */
const DELAYS = [0, 10, 30, 60, 120];

/** How long a reply waits before it leaves, during which it can be taken back. */
export default function DelayField({ value, onChange }: { value: number; onChange: (seconds: number) => void }) {
  const { language } = useDesk();
  const t = copilotTexts(language);
  return (
    <label className="inline-flex items-center gap-1 text-xs text-ink-mute">
      {t.sendAfter}
      <select className="rounded-md border border-line bg-surface px-1 py-1 text-xs text-ink" value={value} onChange={({ target }) => onChange(Number(target.value))}>
        {DELAYS.map((seconds) => (
          <option key={seconds} value={seconds}>
            {seconds === 0 ? t.sendNow : fill(t.sendIn, { time: inSeconds(seconds, language) })}
          </option>
        ))}
      </select>
    </label>
  );
}
