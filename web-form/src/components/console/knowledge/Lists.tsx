import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { Empty } from '@/components/Empty';
import { Notice } from '@/components/Notice';
import { useArticles, useGaps, useProposals, type Proposal } from '@/lib/console/knowledge';
import { failureText } from '@/lib/failure';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { knowledgeTexts, type KnowledgeTexts } from '@/texts/knowledge';

/** What a list shows while it is loaded, and where that failed. */
function Waiting({ error }: { error: unknown }) {
  const { texts } = useSite();
  if (error) return <Notice kind="danger">{failureText(error, texts)}</Notice>;
  return <div aria-hidden="true" className="skeleton h-24" />;
}

function Row({ title, detail, children, onOpen }: { title: string; detail: ReactNode; children?: ReactNode; onOpen?: () => void }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-3">
      <div className="min-w-0 flex-1">
        {onOpen ? (
          <button type="button" className="link text-start font-semibold break-words" onClick={onOpen}>
            {title}
          </button>
        ) : (
          <p className="font-semibold break-words">{title}</p>
        )}
        <p className="mt-0.5 text-sm break-words text-ink-mute">{detail}</p>
      </div>
      {children}
    </li>
  );
}

export function operation({ op, article_id: id }: Pick<Proposal, 'op' | 'article_id'>, t: KnowledgeTexts): string {
  return fill(t.ops[op], { id: id ?? '' });
}

export function ProposalsList({ onOpen }: { onOpen: (id: string) => void }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const list = useProposals();
  if (!list.data) return <Waiting error={list.error} />;
  if (list.data.items.length === 0) return <Empty icon="book" title={t.noDrafts.title}>{t.noDrafts.text}</Empty>;
  return (
    <ul>
      {list.data.items.map((proposal) => (
        <Row
          key={proposal.id}
          title={proposal.title ?? proposal.article_id ?? ''}
          detail={`${operation(proposal, t)} · ${fill(t.by, { name: proposal.author.name })}`}
          onOpen={() => onOpen(proposal.id)}
        >
          <span className="pill bg-sunken text-ink-soft">{t.states[proposal.state]}</span>
        </Row>
      ))}
    </ul>
  );
}

export function GapsList({ onPropose }: { onPropose: (gap: { id: string; question: string }) => void }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const list = useGaps();
  if (!list.data) return <Waiting error={list.error} />;
  if (list.data.items.length === 0) return <Empty icon="check" title={t.noGaps.title}>{t.noGaps.text}</Empty>;
  return (
    <ul>
      {list.data.items.map((gap) => (
        <Row
          key={gap.id}
          title={gap.question}
          detail={
            <>
              {plural(t.asked, gap.count, texts.code)}
              {gap.conversation_ids.slice(0, 3).map((id, index) => (
                <span key={id}>
                  {' · '}
                  <Link className="link" prefetch={false} href={`/console?c=${id}`}>{`${t.conversation} ${index + 1}`}</Link>
                </span>
              ))}
            </>
          }
        >
          <button type="button" className="btn btn-secondary" onClick={() => onPropose(gap)}>
            {t.propose}
          </button>
        </Row>
      ))}
    </ul>
  );
}

export function ArticlesList({ onOpen }: { onOpen: (id: string) => void }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const [cursor, setCursor] = useState<string>();
  const list = useArticles(cursor);
  if (!list.data) return <Waiting error={list.error} />;
  const { items, next_cursor: next } = list.data;
  if (items.length === 0) return <Empty icon="book" title={t.noArticles.title}>{t.noArticles.text}</Empty>;
  return (
    <>
      <ul>
        {items.map((article) => (
          <Row key={article.id} title={article.title} detail={article.section} onOpen={() => onOpen(article.id)}>
            {article.approved && <span className="pill bg-good-soft text-good">{t.approved}</span>}
            {article.internal && <span className="pill bg-sunken text-ink-soft">{t.internal}</span>}
          </Row>
        ))}
      </ul>
      {next && (
        <button type="button" className="btn btn-secondary mt-4" onClick={() => setCursor(next)}>
          {t.more}
        </button>
      )}
    </>
  );
}
