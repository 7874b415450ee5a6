import type { ContainmentPreview, IncidentBreach } from '@wardline/model';
import { post } from './client.ts';

export type {
  ContainmentPreview,
  ContainmentRow,
  DutyContact,
  IncidentBreach,
  IncidentDetail,
  IncidentEntry,
  IncidentRow,
  IncidentStep,
  PlaybookList,
} from '@wardline/model';

export type BreachFacts = IncidentBreach['facts'];
type Made = { number: number };

/** What people do in an incident. Most carry their words to the timeline and to the ledger. */
export const incidentActs = {
  open: (body: { playbook: string; title: string; drill: boolean; assets: string[]; reason: string }) =>
    post<Made>('/incidents', body),
  note: (number: number, body: { kind: string; text: string; evidence: object | null }) =>
    post<Made>(`/incidents/${number}/entries`, body),
  step: (number: number, step: string, body: { state: string; note: string; atBedside: string }) =>
    post<Made>(`/incidents/${number}/steps/${encodeURIComponent(step)}`, body),
  duty: (number: number, body: { role: string; person: string }) =>
    post<Made>(`/incidents/${number}/duties`, body),
  state: (number: number, state: string, reason: string) =>
    post<Made>(`/incidents/${number}/state`, { state, reason }),
  breach: (number: number, facts: BreachFacts, given: Record<string, string>) =>
    post<Made>(`/incidents/${number}/breach`, { facts, given }),
  preview: (number: number, assets: string[], keep: string[]) =>
    post<ContainmentPreview>(`/incidents/${number}/containment/preview`, { assets, keep }),
  contain: (number: number, body: { assets: string[]; keep: string[]; signed: object[]; reason: string }) =>
    post<{ draft: string; ends: number }>(`/incidents/${number}/containment`, body),
};
