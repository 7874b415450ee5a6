import { post } from './client.ts';

export type {
  AssetThreats,
  ClassThreats,
  FlowThreats,
  ThreatAnswerTold,
  ThreatModels,
  WeighedThreatTold,
} from '@wardline/model';

/** Where an answer is said to hold. */
export interface On {
  kind: 'asset' | 'class';
  id: string;
}

/** What persons say answers a threat. */
export const threatActs = {
  answer: (threat: string, on: On, text: string, reason: string) =>
    post(`/threats/${encodeURIComponent(threat)}/answers`, { on, text, reason }),
  verify: (id: string, evidence: string, days: number, reason: string) =>
    post(`/threat-answers/${encodeURIComponent(id)}/verification`, { evidence, days, reason }),
  remove: (id: string, reason: string) =>
    post(`/threat-answers/${encodeURIComponent(id)}/removal`, { reason }),
};
