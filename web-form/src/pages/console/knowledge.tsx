import { useState } from 'react';
import { ArticleView } from '@/components/console/knowledge/ArticleView';
import { ArticlesList, GapsList, ProposalsList } from '@/components/console/knowledge/Lists';
import { ProposalForm } from '@/components/console/knowledge/ProposalForm';
import { ProposalView } from '@/components/console/knowledge/ProposalView';
import { StaffPage } from '@/components/console/StaffPage';
import { Icon } from '@/components/Icon';
import { useKnowledgeActions } from '@/lib/console/knowledge';
import { useSite } from '@/lib/i18n';
import { knowledgeTexts } from '@/texts/knowledge';

/** `/console/knowledge`: drafts, what was not answered, and articles with their history. */
export default function KnowledgeRoute() {
  const { texts } = useSite();
  return <StaffPage title={knowledgeTexts(texts).title}>{({ staff }) => <Tabs isAdmin={staff.role === 'admin'} />}</StaffPage>;
}

type Tab = 'drafts' | 'gaps' | 'articles';
const TABS: Tab[] = ['drafts', 'gaps', 'articles'];
type Open = { proposal: string } | { article: string } | { gap: { id: string; question: string } } | null;

function Tabs({ isAdmin }: { isAdmin: boolean }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const [tab, setTab] = useState<Tab>('drafts');
  const [open, setOpen] = useState<Open>(null);
  const choose = (next: Tab) => {
    setTab(next);
    setOpen(null);
  };
  return (
    <>
      <nav aria-label={t.title} className="mb-5 flex flex-wrap gap-2">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={tab === name}
            className={`btn ${tab === name ? 'btn-primary' : 'btn-secondary'}`}
            onClick={() => choose(name)}
          >
            {t.tabs[name]}
          </button>
        ))}
      </nav>
      {open && (
        <button type="button" className="link mb-4 inline-flex min-h-9 items-center gap-1.5 text-sm" onClick={() => setOpen(null)}>
          <Icon name="back" size={15} />
          {t.back}
        </button>
      )}
      <div className="card p-6">
        {!open && tab === 'drafts' && <ProposalsList onOpen={(proposal) => setOpen({ proposal })} />}
        {!open && tab === 'gaps' && <GapsList onPropose={(gap) => setOpen({ gap })} />}
        {!open && tab === 'articles' && <ArticlesList onOpen={(article) => setOpen({ article })} />}
        {open && 'proposal' in open && <ProposalView key={open.proposal} id={open.proposal} isAdmin={isAdmin} />}
        {open && 'article' in open && <ArticleView id={open.article} onProposed={(proposal) => setOpen({ proposal })} />}
        {open && 'gap' in open && <NewArticle gap={open.gap} onDone={(proposal) => setOpen(proposal ? { proposal } : null)} />}
      </div>
    </>
  );
}

function NewArticle({ gap, onDone }: { gap: { id: string; question: string }; onDone: (proposal: string | null) => void }) {
  const { propose } = useKnowledgeActions();
  const save = async (title: string, body: string) => {
    const proposal = await propose({ op: 'create', title, body, gap_id: gap.id });
    onDone(proposal.id);
  };
  return <ProposalForm title={gap.question.slice(0, 120)} body="" onSave={save} onCancel={() => onDone(null)} />;
}
