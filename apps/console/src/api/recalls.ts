import type { RecallImported, RecallState } from '@wardline/model';
import { post } from './client.ts';

/** Acts on recalls and field safety notices. */
export const recalls = {
  take: async (file: File, reason: string) =>
    post<RecallImported>('/recalls', { name: file.name, text: await file.text(), reason }),
  decide: (recall: string, asset: string, state: Exclude<RecallState, 'undecided'>, reason: string) =>
    post(`/assets/${encodeURIComponent(asset)}/recalls/${encodeURIComponent(recall)}`, { state, reason }),
};
