import { plural, fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { Announcer } from '@/components/Announcer';

/** From here on the counter is announced, in steps, so that it does not talk over every key. */
const NEARLY = 200;
const STEP = 50;

/** How much of a field is used. */
export function Counter({ used, min, max }: { used: number; min: number; max: number }) {
  const { texts, language } = useSite();
  const t = texts.form;
  const left = max - used;
  const number = (n: number) => new Intl.NumberFormat(language).format(n);

  let shown = fill(t.counter, { n: number(used), max: number(max) });
  if (used > 0 && used < min) shown = plural(t.counterMore, min - used, language);
  if (left < 0) shown = plural(t.counterOver, -left, language);

  let spoken = '';
  if (left < 0) spoken = shown;
  else if (left <= NEARLY) spoken = plural(t.counterLeft, Math.ceil(left / STEP) * STEP, language);

  return (
    <div className={`mt-1.5 text-end text-xs tabular-nums ${left < 0 ? 'font-semibold text-danger' : 'text-ink-mute'}`}>
      <span data-testid="counter">{shown}</span>
      <Announcer text={spoken} />
    </div>
  );
}
