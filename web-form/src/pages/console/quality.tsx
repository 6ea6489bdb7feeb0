import { StaffPage } from '@/components/console/StaffPage';
import { Results } from '@/components/quality/Results';
import { Review } from '@/components/quality/Review';
import { useSite } from '@/lib/i18n';
import { qualityTexts } from '@/texts/quality';

/** `/console/quality`: a random reply with its scorecard, and what the scorecards say of the bot and of staff. */
export default function QualityRoute() {
  const { texts } = useSite();
  const t = qualityTexts(texts.code);
  return (
    <StaffPage title={t.title} text={t.text}>
      {() => (
        <div className="mt-5 grid gap-6">
          <Review t={t} />
          <Results t={t} />
        </div>
      )}
    </StaffPage>
  );
}
