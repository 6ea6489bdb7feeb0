import { useState } from 'react';
import { Notice } from '@/components/Notice';
import { Time } from '@/components/Time';
import { useArticle, useKnowledgeActions, useRevisions, type Revision } from '@/lib/console/knowledge';
import { failureText } from '@/lib/failure';
import { fill } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { knowledgeTexts } from '@/texts/knowledge';
import { ProposalForm } from './ProposalForm';

/** An article with its history; changes are proposed. */
export function ArticleView({ id, onProposed }: { id: string; onProposed: (proposal: string) => void }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const article = useArticle(id);
  const { propose } = useKnowledgeActions();
  const [isEdited, setEdited] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = (body: Parameters<typeof propose>[0]) => propose(body).then((proposal) => onProposed(proposal.id));
  const attempt = (body: Parameters<typeof propose>[0]) => void send(body).catch((failure: unknown) => setError(failureText(failure, texts)));
  if (article.error) return <Notice kind="danger">{failureText(article.error, texts)}</Notice>;
  if (!article.data) return <div aria-hidden="true" className="skeleton h-40" />;
  const { title, section, text, body } = article.data;
  return (
    <article className="space-y-6">
      {error && <Notice kind="danger">{error}</Notice>}
      <div>
        <h2 className="text-lg break-words">{title}</h2>
        <p className="mt-1 text-sm break-words text-ink-mute">{`${section} · ${id}`}</p>
      </div>
      {isEdited ? (
        <ProposalForm
          title={title}
          body={body}
          onSave={(newTitle, newBody) => send({ op: 'update', article_id: id, title: newTitle, body: newBody })}
          onCancel={() => setEdited(false)}
        />
      ) : (
        <>
          <p className="text-sm break-words whitespace-pre-wrap">{text}</p>
          <div className="flex flex-wrap gap-3">
            <button type="button" className="btn btn-primary" onClick={() => setEdited(true)}>
              {t.proposeChange}
            </button>
            <button type="button" className="btn btn-secondary" onClick={() => attempt({ op: 'delete', article_id: id })}>
              {t.proposeDelete}
            </button>
          </div>
        </>
      )}
      <History id={id} onRestore={({ title: old, body: said }) => attempt({ op: 'update', article_id: id, title: old, body: said })} />
    </article>
  );
}

function History({ id, onRestore }: { id: string; onRestore: (revision: Revision) => void }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const revisions = useRevisions(id);
  if (!revisions.data) return null;
  return (
    <section className="border-t border-line pt-5">
      <h3 className="text-sm font-semibold">{t.history}</h3>
      {revisions.data.items.length === 0 && <p className="mt-2 text-sm text-ink-mute">{t.noHistory}</p>}
      <ol className="mt-2 space-y-3">
        {revisions.data.items.map((revision) => (
          <li key={revision.number} className="text-sm">
            <details>
              <summary>
                {`${fill(t.revision, { n: revision.number })} · ${revision.approved_by ? fill(t.by, revision.approved_by) : t.fromFile} · `}
                <Time iso={revision.at} />
              </summary>
              <p className="mt-2 break-words whitespace-pre-wrap">{revision.body ?? fill(t.ops.delete, { id })}</p>
              {revision.body && (
                <button type="button" className="btn btn-secondary mt-2" onClick={() => onRestore(revision)}>
                  {t.proposeAgain}
                </button>
              )}
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
