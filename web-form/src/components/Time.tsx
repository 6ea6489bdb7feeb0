import { useSite } from '@/lib/i18n';
import { dateTime, fullTime } from '@/lib/time';

/** A time in the reader's zone; the full one on demand. */
export function Time({ iso }: { iso: string }) {
  const { language } = useSite();
  return (
    <time dateTime={iso} title={fullTime(iso, language)}>
      {dateTime(iso, language)}
    </time>
  );
}
