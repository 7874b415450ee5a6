import { queryOptions } from '@tanstack/react-query';
import type {
  DraftRow,
  Examined,
  PolicyCompiled,
  PolicySimulation,
  Proposals,
  Segmentation,
  VersionRow,
} from '@wardline/model';
import { get, post, put } from './client.ts';

export type Draft = DraftRow & { text: string };
export type Version = VersionRow & { text: string };

const topic = 'segmentation';

/** A question that carries a whole text: sent in a body, kept under the text itself. */
function question<T>(path: string, body: Record<string, unknown>) {
  return queryOptions({
    queryKey: [topic, path, body],
    queryFn: () => post<T>(`/segmentation/${path}`, body),
    retry: false,
    staleTime: 60_000,
  });
}

export const segmentationQueries = {
  all: () => queryOptions({ queryKey: [topic, 'all'], queryFn: () => get<Segmentation>('/segmentation') }),
  draft: (id: string) =>
    queryOptions({
      queryKey: [topic, 'draft', id],
      queryFn: () => get<Draft>(`/segmentation/drafts/${encodeURIComponent(id)}`),
    }),
  version: (number: string) =>
    queryOptions({
      queryKey: [topic, 'version', number],
      queryFn: () => get<Version>(`/segmentation/versions/${encodeURIComponent(number)}`),
    }),
  proposals: () =>
    queryOptions({
      queryKey: [topic, 'proposals'],
      queryFn: () => get<Proposals>('/segmentation/proposals'),
      staleTime: 60_000,
    }),
  examined: (text: string) => question<Examined>('examination', { text }),
  simulated: (text: string, enforced: boolean) =>
    question<PolicySimulation>('simulation', { text, enforced }),
  staged: (conduit: string, mode: string) =>
    queryOptions({
      queryKey: [topic, 'staged', conduit, mode],
      queryFn: () =>
        get<PolicySimulation>(
          `/segmentation/stages/preview?${new URLSearchParams({ conduit, mode }).toString()}`,
        ),
      retry: false,
    }),
  compiled: (text: string, target: string) => question<PolicyCompiled>('compilation', { text, target }),
};

const at = (number: number, act: string) => `/segmentation/versions/${number}/${act}`;

export const segmentationActs = {
  begin: (name: string, text: string, basedOn: number | null, reason: string) =>
    post<{ id: string }>('/segmentation/drafts', { name, text, ...(basedOn && { basedOn }), reason }),
  learn: (name: string, conduits: readonly string[], narrow: boolean, reason: string) =>
    post<{ id: string }>('/segmentation/drafts/learnt', { name, conduits, narrow, reason }),
  save: (id: string, draft: { name: string; text: string; revision: number }) =>
    put<{ revision: number }>(`/segmentation/drafts/${id}`, draft),
  drop: (id: string, reason: string) => post(`/segmentation/drafts/${id}/removal`, { reason }),
  propose: (id: string, reason: string) =>
    post<{ number: number }>(`/segmentation/drafts/${id}/proposal`, { reason }),
  stage: (conduit: string, mode: string, cutLifeCritical: number, reason: string) =>
    post<{ number: number }>('/segmentation/stages', { conduit, mode, cutLifeCritical, reason }),
  approve: (number: number, cutLifeCritical: number, reason: string) =>
    post(at(number, 'approval'), { reason, cutLifeCritical }),
  refuse: (number: number, reason: string) => post(at(number, 'refusal'), { reason }),
  restore: (number: number, reason: string) => post(at(number, 'restoration'), { reason }),
};
