import { useEffect, useState } from 'react';
import { useDesk } from '@/lib/console/desk';
import { inSeconds } from '@/lib/console/time';
import { fill } from '@/lib/fill';
import { copilotTexts } from '@/texts/copilot';

/** The seconds that are left before a reply leaves. */
export default function Countdown({ until }: { until: string }) {
  const { t: desk, language } = useDesk();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const left = Math.ceil((Date.parse(until) - now) / 1000);
  if (left <= 0) return <>{desk.delivery.sending}</>;
  return (
    <span role="timer" data-testid="countdown" className="tabular-nums">
      {fill(copilotTexts(language).sentIn, { time: inSeconds(left, language) })}
    </span>
  );
}
