import type { RiskTreatment, riskListResponse } from '@wardline/model';
import { post } from './client.ts';

export type { RiskDetail, RiskIndicators, RiskIndicatorsAnswer, RiskRow } from '@wardline/model';
export type RiskList = ReturnType<typeof riskListResponse.parse>;

export interface Treatment {
  treatment: RiskTreatment;
  plan: string;
  owner: string;
  deadline: string;
}

const at = (id: string, part: string): string => `/risks/${encodeURIComponent(id)}/${part}`;

/** What persons decide about risks. */
export const riskActs = {
  assign: (risks: string[], owner: string, deadline: string | undefined, reason: string) =>
    post('/risks/assignment', { risks, owner, ...(deadline ? { deadline } : {}), reason }),
  treat: (id: string, treatment: Treatment, reason: string) =>
    post(at(id, 'treatment'), { ...treatment, reason }),
  decide: (id: string, decision: 'approve' | 'refuse', reason: string) =>
    post(at(id, 'acceptance'), { decision, reason }),
  complete: (id: string, reason: string) => post(at(id, 'completion'), { reason }),
  comment: (id: string, text: string) => post(at(id, 'comments'), { text }),
  addControl: (
    id: string,
    control: { text: string; kind: string; strength: string; on: string[] },
    reason: string,
  ) => post(at(id, 'controls'), { ...control, reason }),
  verifyControl: (id: string, control: string, evidence: string, days: number, reason: string) =>
    post(at(id, `controls/${control}/verification`), { evidence, days, reason }),
  removeControl: (id: string, control: string, reason: string) =>
    post(at(id, `controls/${control}/removal`), { reason }),
  join: (risks: string[], into: string, reason: string) => post('/risks/join', { risks, into, reason }),
  part: (id: string, reason: string) => post(at(id, 'parting'), { reason }),
};
