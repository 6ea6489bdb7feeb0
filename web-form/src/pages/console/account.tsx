import dynamic from 'next/dynamic';
import { PasswordForm } from '@/components/console/PasswordForm';
import { StaffPage } from '@/components/console/StaffPage';
import { TwoFactor } from '@/components/console/TwoFactor';
import { useSite } from '@/lib/i18n';
import { consoleTexts } from '@/texts/console';

const Webhooks = dynamic(() => import('@/components/console/webhooks/Webhooks'), { ssr: false });

/** The settings of the account of whoever is signed in. */
export default function AccountRoute() {
  const { texts } = useSite();
  return (
    <StaffPage title={consoleTexts(texts).account}>
      {({ staff }) => (
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <PasswordForm />
          <TwoFactor />
          {staff.role === 'admin' && <Webhooks />}
        </div>
      )}
    </StaffPage>
  );
}
