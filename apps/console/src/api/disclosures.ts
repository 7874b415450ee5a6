import type { DisclosureDetail, DisclosureDetails, DisclosureStep } from '@wardline/model';
import { post } from './client.ts';

export interface StepBody {
  day: string;
  note: string;
  outcome?: string;
  supplier?: string;
  address?: string;
}

/** Acts on reports of weaknesses. */
export const disclosures = {
  add: (
    report: { received: string; details: DisclosureDetails; reporter: DisclosureDetail['reporter'] },
    reason: string,
  ) => post('/disclosures', { ...report, reason }),
  step: (number: number, step: DisclosureStep, body: StepBody, reason: string) =>
    post(`/disclosures/${number}/steps/${step}`, { ...body, reason }),
};
