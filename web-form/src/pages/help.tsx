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
      <Queries>
        {id === undefined ? <Loading /> : id ? <HelpArticle key={id} id={id} query={query} /> : <HelpHome query={query} />}
      </Queries>
    </Shell>
  );
}

/** Until the exported page knows its address. */
function Loading() {
  const { texts } = useSite();
  return (
    <div className="page max-w-[48rem] pt-16" aria-busy="true">
      <p role="status" className="sr-only">
        {texts.common.loading}
      </p>
      <div aria-hidden="true" className="skeleton mx-auto h-10 w-64" />
      <div aria-hidden="true" className="skeleton mt-10 h-14 rounded-lg" />
    </div>
  );
}
