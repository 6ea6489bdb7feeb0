import { StaffPage } from '@/components/console/StaffPage';
import { Numbers } from '@/components/numbers/Numbers';
import { useSite } from '@/lib/i18n';
import { numberTexts } from '@/texts/numbers';

/** `/console/numbers`: the report of a range of days; `?figure=` opens the conversations behind a number. */
export default function NumbersRoute() {
  const { texts } = useSite();
  const t = numberTexts(texts);
  return (
    <StaffPage title={t.title} text={t.text}>
      {() => <Numbers t={t} />}
    </StaffPage>
  );
}
