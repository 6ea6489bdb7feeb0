import type { Figures } from '@/lib/useNumbers';
import type { FigureName, NumberTexts } from '@/texts/numbers';

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, count) => all + count, 0);

/** A figure by its path in a report; null where nothing was counted for it. */
export function valueOf(figures: Figures, name: FigureName): number | null {
  const { resolution } = figures;
  switch (name) {
    case 'conversations':
    case 'cost_micros':
    case 'without_source':
    case 'sentiment':
      return figures[name] ?? null;
    case 'answer_ms.p50':
      return figures.answer_ms.p50 ?? null;
    case 'answer_ms.p95':
      return figures.answer_ms.p95 ?? null;
    case 'csat':
      return figures.csat.avg ?? null;
    case 'resolution.handed_off':
      return sum(resolution.handed_off);
    case 'resolution.autonomous':
      return resolution.autonomous;
    case 'resolution.assisted':
      return resolution.assisted;
    case 'resolution.taken_over':
      return resolution.taken_over;
    case 'resolution.durable':
      return resolution.durable;
    case 'resolution.reopened':
      return resolution.reopened;
  }
}

export function shown(name: FigureName, value: number | null, t: NumberTexts, language: string): string {
  if (value === null) return t.none;
  const number = (digits: number) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  switch (name) {
    case 'answer_ms.p50':
    case 'answer_ms.p95':
      return duration(value, language);
    case 'csat':
      return number(1);
    case 'sentiment':
      return number(2);
    case 'cost_micros':
      return new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }).format(value / 1_000_000);
    default:
      return number(0);
  }
}

export function duration(ms: number, language: string): string {
  const steps = [
    { below: 1_000, unit: 'millisecond', size: 1 },
    { below: 120_000, unit: 'second', size: 1_000 },
    { below: 7_200_000, unit: 'minute', size: 60_000 },
  ];
  const { unit, size } = steps.find(({ below }) => ms < below) ?? { unit: 'hour', size: 3_600_000 };
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 0 }).format(ms / size);
}
