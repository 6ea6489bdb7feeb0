import { ConsoleShell } from '@/components/console/ConsoleShell';
import { LoginForm } from '@/components/console/LoginForm';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { consoleTexts } from '@/texts/console';

export default function LoginRoute() {
  const { texts } = useSite();
  return (
    <Queries>
      <ConsoleShell title={consoleTexts(texts).loginTitle}>
        <LoginForm />
      </ConsoleShell>
    </Queries>
  );
}
