import { HelpArticle } from '@/components/help/HelpArticle';
import { HelpHome } from '@/components/help/HelpHome';
import { Shell } from '@/components/Shell';
import { useSite } from '@/lib/i18n';
import { Queries } from '@/lib/queries';
import { useParam } from '@/lib/useParam';

/** The help centre: `/help` with a search (`?q=`), and `/help?id=…` for one article. */
export default function HelpRoute() {
  const { texts } = useSite();
  const id = useParam('id');
  const query = useParam('q') ?? '';
  return (
    <Shell title={texts.help.title}>
      <Queries>{id ? <HelpArticle key={id} id={id} query={query} /> : <HelpHome query={query} />}</Queries>
    </Shell>
  );
}
