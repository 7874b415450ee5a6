import { queryOptions } from '@tanstack/react-query';
import type { BootAppraisal, BootList } from '@wardline/model';
import { get, post } from './client.ts';

const topic = 'trust';

export const bootQueries = {
  all: () => queryOptions({ queryKey: [topic, 'boots'], queryFn: () => get<BootList>('/boots') }),
  of: (asset: string) =>
    queryOptions({
      queryKey: [topic, 'boots', asset],
      queryFn: () => get<{ items: BootAppraisal[] }>(`/assets/${encodeURIComponent(asset)}/boots`),
    }),
};

export const bootActs = {
  approve: (appraisal: string, pcrs: readonly number[], reason: string) =>
    post('/boots/references', { appraisal, pcrs, reason }),
  remove: (id: string, reason: string) =>
    post(`/boots/references/${encodeURIComponent(id)}/removal`, { reason }),
};
