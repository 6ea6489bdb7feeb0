import { useDesk } from '@/lib/console/desk';
import { span } from '@/lib/console/time';
import { fill } from '@/lib/fill';
import { dateTime, fullTime } from '@/lib/time';

/** From when on a due time is marked, as the server warns: WARN_BEFORE of the SLA. */
const SOON_MS = 30 * 60_000;

interface DueProps {
  due: string | null;
  isBreached: boolean;
  snoozed?: string | null;
  now: number;
}

/** The time that is left, or since when; what is late is said in words, not by colour alone. */
export function Due({ due, isBreached, snoozed, now }: DueProps) {
  const { t, language } = useDesk();
  if (snoozed) {
    return <span className="text-xs whitespace-nowrap text-ink-mute">{fill(t.until, { time: dateTime(snoozed, language) })}</span>;
  }
  if (!due) return null;
  const left = Date.parse(due) - now;
  const isLate = isBreached || left < 0;
  const look = isLate ? 'font-semibold text-danger' : left < SOON_MS ? 'font-semibold text-warn' : 'text-ink-mute';
  return (
    <span data-testid="due" data-late={isLate} title={fullTime(due, language)} className={`text-xs whitespace-nowrap tabular-nums ${look}`}>
      {fill(isLate ? t.overdue : t.left, { time: span(left, language) })}
    </span>
  );
}
