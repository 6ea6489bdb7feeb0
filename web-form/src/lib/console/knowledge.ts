import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answered, api, ApiError } from '../api/client';
import type { components } from '../api/schema';

type Schemas = components['schemas'];

export type Proposal = Schemas['Proposal'];
export type ProposalBody = Schemas['ProposalRequest'];
export type KnowledgeGap = Schemas['KnowledgeGap'];
export type KnowledgeArticle = Schemas['KnowledgeArticle'];
export type Revision = Schemas['ArticleHistoryEntry'];

const PROPOSALS = '/staff/knowledge/proposals';
const retry = (failures: number, error: unknown) => failures < 2 && error instanceof ApiError && error.isTemporary;
/** While past questions are asked again. */
const RUN_POLL_MS = 1_500;

const at = (id: string) => ({ path: { id } });

export function useProposals() {
  return useQuery({
    queryKey: ['proposals'],
    queryFn: () => answered(api().GET(PROPOSALS, { params: { query: { limit: 100 } } })),
    retry,
  });
}

export function useProposal(id: string) {
  return useQuery({
    queryKey: ['proposal', id],
    queryFn: (): Promise<Proposal> => answered(api().GET(`${PROPOSALS}/{id}`, { params: at(id) })),
    refetchInterval: (query) => (query.state.data?.run?.state === 'running' ? RUN_POLL_MS : false),
    retry,
  });
}

export function useGaps() {
  return useQuery({
    queryKey: ['gaps'],
    queryFn: () => answered(api().GET('/staff/knowledge/gaps', { params: { query: { limit: 100 } } })),
    retry,
  });
}

export function useArticles(cursor: string | undefined) {
  return useQuery({
    queryKey: ['knowledge-articles', cursor],
    queryFn: () => answered(api().GET('/staff/knowledge/articles', { params: { query: { limit: 100, cursor } } })),
    retry,
  });
}

/** An article; null where there is none. */
export function useArticle(id: string | null) {
  return useQuery({
    queryKey: ['knowledge-article', id],
    enabled: id !== null,
    queryFn: async (): Promise<KnowledgeArticle | null> => {
      try {
        return await answered(api().GET('/staff/knowledge/articles/{id}', { params: at(id ?? '') }));
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    retry,
  });
}

export function useRevisions(id: string) {
  return useQuery({
    queryKey: ['revisions', id],
    queryFn: () =>
      answered(api().GET('/staff/knowledge/articles/{id}/revisions', { params: { ...at(id), query: { limit: 100 } } })),
    retry,
  });
}

/** The requests; each shows the lists as they are afterwards. */
export function useKnowledgeActions() {
  const queries = useQueryClient();
  const keep = async (call: Promise<Proposal>): Promise<Proposal> => {
    const proposal = await call;
    queries.setQueryData(['proposal', proposal.id], proposal);
    for (const key of ['proposals', 'gaps', 'knowledge-articles', 'knowledge-article', 'revisions']) {
      void queries.invalidateQueries({ queryKey: [key] });
    }
    return proposal;
  };
  return {
    propose: (body: ProposalBody) => keep(answered(api().POST(PROPOSALS, { body }))),
    edit: (id: string, body: ProposalBody) => keep(answered(api().PUT(`${PROPOSALS}/{id}`, { params: at(id), body }))),
    run: (id: string) => keep(answered(api().POST(`${PROPOSALS}/{id}/run`, { params: at(id), body: {} }))),
    approve: (id: string, force: boolean) =>
      keep(answered(api().POST(`${PROPOSALS}/{id}/approve`, { params: at(id), body: { force } }))),
    reject: (id: string, reason: string) =>
      keep(answered(api().POST(`${PROPOSALS}/{id}/reject`, { params: at(id), body: { reason } }))),
  };
}
