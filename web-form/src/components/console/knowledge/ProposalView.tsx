import Link from 'next/link';
import { useState } from 'react';
import { Notice } from '@/components/Notice';
import { ApiError } from '@/lib/api/client';
import { useArticle, useKnowledgeActions, useProposal, type Proposal } from '@/lib/console/knowledge';
import { lineDiff } from '@/lib/console/lineDiff';
import { failureText } from '@/lib/failure';
import { fill, plural } from '@/lib/fill';
import { useSite } from '@/lib/i18n';
import { knowledgeTexts } from '@/texts/knowledge';
import { operation } from './Lists';
import { ProposalForm } from './ProposalForm';

/** A proposal: what it changes, what past questions would be answered, and the decision. */
export function ProposalView({ id, isAdmin }: { id: string; isAdmin: boolean }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const found = useProposal(id);
  const { edit } = useKnowledgeActions();
  const [isEdited, setEdited] = useState(false);
  if (found.error) return <Notice kind="danger">{failureText(found.error, texts)}</Notice>;
  if (!found.data) return <div aria-hidden="true" className="skeleton h-40" />;
  const proposal = found.data;
  const save = async (title: string, body: string) => {
    await edit(id, { title, body });
    setEdited(false);
  };
  return (
    <article className="space-y-6" aria-labelledby="proposal-title">
      <div>
        <h2 id="proposal-title" className="text-lg break-words">
          {proposal.title ?? proposal.article_id}
        </h2>
        <p className="mt-1 text-sm break-words text-ink-mute">
          {`${operation(proposal, t)} · ${t.states[proposal.state]} · ${fill(t.by, { name: proposal.author.name })}`}
          {proposal.conversation_id && (
            <>
              {' · '}
              <Link className="link" prefetch={false} href={`/console?c=${proposal.conversation_id}`}>
                {t.conversation}
              </Link>
            </>
          )}
        </p>
        {proposal.reason && <p className="mt-1 text-sm">{`${t.reason}: ${proposal.reason}`}</p>}
      </div>
      {isEdited ? (
        <ProposalForm title={proposal.title ?? ''} body={proposal.body ?? ''} onSave={save} onCancel={() => setEdited(false)} />
      ) : (
        <>
          <Changes proposal={proposal} />
          {proposal.state === 'draft' && proposal.op !== 'delete' && (
            <button type="button" className="btn btn-secondary" onClick={() => setEdited(true)}>
              {t.edit}
            </button>
          )}
          <RunResult proposal={proposal} />
          {proposal.state === 'draft' && <Decision proposal={proposal} isAdmin={isAdmin} />}
        </>
      )}
    </article>
  );
}

const marks = { same: [' ', ''], gone: ['−', 'bg-danger-soft text-danger'], new: ['+', 'bg-good-soft text-good'] } as const;

/** The text line by line, against the article as it is. Both are shown as text, whatever they say. */
function Changes({ proposal }: { proposal: Proposal }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const isDraft = proposal.state === 'draft';
  const article = useArticle(isDraft && proposal.op !== 'create' ? proposal.article_id : null);
  const before = article.data ? `${article.data.title}\n\n${article.data.body}` : '';
  const after = proposal.op === 'delete' ? '' : `${proposal.title ?? ''}\n\n${proposal.body ?? ''}`;
  const lines = before ? lineDiff(before, after) : lineDiff('', after).filter((line) => line.kind === 'new');
  return (
    <section aria-label={t.changes}>
      <h3 className="text-sm font-semibold">{t.changes}</h3>
      <pre data-testid="diff" tabIndex={0} className="mt-2 max-h-96 overflow-auto rounded-md border border-line p-3 text-sm whitespace-pre-wrap">
        {lines.map(({ kind, text }, index) => (
          <span key={index} className={`block break-words ${marks[kind][1]}`}>{`${marks[kind][0]} ${text}`}</span>
        ))}
      </pre>
    </section>
  );
}

function RunResult({ proposal }: { proposal: Proposal }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const { run } = proposal;
  if (!run) return null;
  if (run.state === 'failed') return <Notice kind="warn">{t.runFailed}</Notice>;
  if (run.state === 'running') return <Notice kind="info">{fill(t.running, { asked: run.asked, cases: run.cases })}</Notice>;
  return (
    <section className="space-y-3" data-testid="run">
      <Notice kind="good">{fill(plural(t.runDone, run.changed_count, texts.code), { cases: run.cases })}</Notice>
      <ul className="space-y-3">
        {run.changed.map((changed) => (
          <li key={changed.message_id} className="card p-4 text-sm">
            <p className="font-semibold break-words whitespace-pre-wrap">{changed.question}</p>
            <div className="mt-2 grid gap-3 md:grid-cols-2">
              <Answer label={t.before} text={changed.before ?? t.silent} />
              <Answer label={t.after} text={changed.after ?? t.silent} />
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answer({ label, text }: { label: string; text: string }) {
  return (
    <div className="min-w-0">
      <p className="text-xs text-ink-mute">{label}</p>
      <p className="mt-1 break-words whitespace-pre-wrap">{text}</p>
    </div>
  );
}

function Decision({ proposal, isAdmin }: { proposal: Proposal; isAdmin: boolean }) {
  const { texts } = useSite();
  const t = knowledgeTexts(texts);
  const { run, approve, reject } = useKnowledgeActions();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string | null>(null);
  const act = async (call: () => Promise<unknown>) => {
    setError(null);
    try {
      await call();
    } catch (failure) {
      setError(failure instanceof ApiError && failure.code === 'not_run' ? t.notRun : failureText(failure, texts));
    }
  };
  const isRun = proposal.run?.state === 'done';
  return (
    <section className="space-y-4 border-t border-line pt-5">
      {error && <Notice kind="danger">{error}</Notice>}
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          className={`btn ${isRun ? 'btn-secondary' : 'btn-primary'}`}
          disabled={proposal.run?.state === 'running'}
          onClick={() => void act(() => run(proposal.id))}
        >
          {t.run}
        </button>
        {isAdmin && (
          <button
            type="button"
            className={`btn ${isRun ? 'btn-primary' : 'btn-secondary'}`}
            onClick={() => void act(() => approve(proposal.id, !isRun))}
          >
            {isRun ? t.approve : t.approveAnyway}
          </button>
        )}
      </div>
      {isAdmin ? (
        <form
          className="flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            void act(() => reject(proposal.id, reason));
          }}
        >
          <label className="min-w-60 flex-1 text-sm">
            <span className="field-label">{t.reason}</span>
            <input className="field" maxLength={1_000} value={reason} onChange={(event) => setReason(event.target.value)} />
          </label>
          <button type="submit" className="btn btn-secondary" disabled={!reason.trim()}>
            {t.reject}
          </button>
        </form>
      ) : (
        <p className="text-sm text-ink-mute">{t.adminsDecide}</p>
      )}
    </section>
  );
}
