import type { ControlDecisionKind, RiskLevel } from '@wardline/model';
import { post } from './client.ts';

export interface Attesting {
  control: string;
  statement: string;
  owner: string;
  document: string;
  sha256: string;
  until: string;
}

export interface Deciding {
  control: string;
  decision: ControlDecisionKind;
  rationale: string;
  alternative?: string;
  until: string;
}

/** What persons say of controls, and take back. */
export const complianceActs = {
  attest: (said: Attesting, reason: string) => post('/compliance/attestations', { ...said, reason }),
  decide: (said: Deciding, reason: string) => post('/compliance/decisions', { ...said, reason }),
  takeBack: (kind: 'attestation' | 'decision', id: string, reason: string) =>
    post(`/compliance/${kind}s/${encodeURIComponent(id)}/withdrawal`, { reason }),
  openRisk: (control: string, level: RiskLevel, reason: string) =>
    post(`/compliance/controls/${encodeURIComponent(control)}/risks`, { level, reason }),
  record: (reason: string) => post('/compliance/records', { reason }),
};
