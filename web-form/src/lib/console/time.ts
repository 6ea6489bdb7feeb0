import { useEffect, useState } from 'react';

const TICK_MS = 15_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The time of the reader's clock, renewed often enough for minutes. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How long something takes, in its largest unit: 12 min, 3 hr, 2 days. */
export function span(ms: number, language: string): string {
  const size = Math.abs(ms);
  const [unit, per] = size < HOUR ? (['minute', MINUTE] as const) : size < DAY ? (['hour', HOUR] as const) : (['day', DAY] as const);
  const n = Math.max(1, Math.floor(size / per));
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(n);
}

/** A time of day with seconds, as receipts name it. */
export function clock(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: 'medium' }).format(new Date(iso));
}

/** The times at which a snoozed conversation usually comes back. */
export function snoozeTimes(now: Date): { id: 'hour' | 'hours' | 'tomorrow' | 'week'; at: Date }[] {
  const morning = (days: number) => {
    const at = new Date(now);
    at.setDate(at.getDate() + days);
    at.setHours(9, 0, 0, 0);
    return at;
  };
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { id: 'hour', at: new Date(now.getTime() + HOUR) },
    { id: 'hours', at: new Date(now.getTime() + 3 * HOUR) },
    { id: 'tomorrow', at: morning(1) },
    { id: 'week', at: morning(toMonday) },
  ];
}

/** A number of seconds as a length of time, such as "45 sec". */
export function inSeconds(seconds: number, language: string): string {
  const isMinutes = seconds >= 60 && seconds % 60 === 0;
  const unit = isMinutes ? 'minute' : 'second';
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(isMinutes ? seconds / 60 : seconds);
}
