import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/router';
import { answered, api } from './api/client';
import type { components, operations } from './api/schema';
import { siteConfig } from './site';
import { useParam } from './useParam';

type Schemas = components['schemas'];
export type Report = Schemas['ReportDocument'];
export type Figures = Schemas['Figures'];
export type Behind = Schemas['ConversationBehind'];
export type Channel = Schemas['Channel'];
export const channels = ['email', 'whatsapp', 'web_form'] as const satisfies readonly Channel[];

const DAY_MS = 24 * 60 * 60 * 1000;
/** A day in UTC, as the server names it. */
export const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
export const daysBefore = (to: string, days: number): string => day(Date.parse(to) - (days - 1) * DAY_MS);
export const today = (): string => day(Date.now());

type FigurePath = operations['get_report_conversations']['parameters']['query']['figure'];

/** What a list shows: a figure, of the whole range, a day, a channel or a member of staff. */
export interface Selection {
  figure: string;
  day?: string;
  channel?: Channel;
  agent?: string;
}

export interface NumbersAddress {
  from: string;
  to: string;
  selection: Selection | null;
  hrefOf: (selection: Selection | null) => string;
  setRange: (from: string, to: string) => void;
}

/** What the address of the page says; null until the exported page knows its address. */
export function useNumbersAddress(): NumbersAddress | null {
  const router = useRouter();
  const [from, to, figure, chosenDay] = [useParam('from'), useParam('to'), useParam('figure'), useParam('day')];
  const [channel, agent] = [useParam('channel'), useParam('agent')];
  if (from === undefined) return null;
  const until = isDay(to) ? to : today();
  const since = isDay(from) ? from : daysBefore(until, 7);
  const base = { from: since, to: until };
  const href = (query: Record<string, string | undefined>) => {
    const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
    return `/console/numbers?${new URLSearchParams(given)}`;
  };
  const selection = figure
    ? { figure, day: isDay(chosenDay) ? chosenDay : undefined, channel: channels.find((known) => known === channel), agent: agent ?? undefined }
    : null;
  return {
    ...base,
    selection,
    hrefOf: (next) => href({ ...base, ...next }),
    setRange: (from, to) => void router.push(href({ from, to }), undefined, { shallow: true }),
  };
}

function isDay(text: string | null | undefined): text is string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text ?? '') && !Number.isNaN(Date.parse(text!));
}

export function useReport(from: string, to: string) {
  return useQuery({
    queryKey: ['report', from, to],
    queryFn: () => answered(api().GET('/staff/reports', { params: { query: { from, to } } })) as Promise<Report>,
  });
}

export function useAgents(from: string, to: string) {
  return useQuery({
    queryKey: ['agents', from, to],
    queryFn: () => answered(api().GET('/staff/reports/agents', { params: { query: { from, to } } })) as Promise<Schemas['AgentReportDocument']>,
  });
}

export function useFailures(from: string, to: string) {
  return useQuery({
    queryKey: ['failures', from, to],
    queryFn: () => answered(api().GET('/staff/reports/failures', { params: { query: { from, to } } })) as Promise<Schemas['FailureReportDocument']>,
  });
}

/** The address of the list as a table. */
export function behindCsv({ from, to, selection }: NumbersAddress): string {
  const { figure = '', day, channel, agent } = selection ?? {};
  const given = Object.entries({ figure, from: day ?? from, to: day ?? to, channel, agent, format: 'csv' });
  const query = new URLSearchParams(given.filter((entry): entry is [string, string] => Boolean(entry[1])));
  return `${siteConfig().apiBase}/staff/reports/conversations?${query}`;
}

export function useBehind({ from, to, selection }: NumbersAddress) {
  const { figure = '', day, channel, agent } = selection ?? {};
  return useInfiniteQuery({
    queryKey: ['behind', from, to, figure, day, channel, agent],
    enabled: Boolean(selection),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      answered(
        api().GET('/staff/reports/conversations', {
          // The address may name anything; the server refuses what is no figure.
          params: { query: { figure: figure as FigurePath, from: day ?? from, to: day ?? to, channel, agent, cursor } },
        }),
      ) as Promise<Schemas['FigureList']>,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
