import type { RiskRow } from '../../api/risks.ts';

export const stateWords: Readonly<Record<RiskRow['state'], string>> = {
  new: 'New',
  triaged: 'Triaged',
  treating: 'Being treated',
  waiting: 'Waits for approval',
  accepted: 'Accepted',
  done: 'Treated',
};

export const treatmentWords = {
  mitigate: 'Mitigate',
  transfer: 'Transfer',
  accept: 'Accept',
  avoid: 'Avoid',
} as const;

export const viewWords = {
  mine: 'Mine',
  biomedical: 'Biomedical engineering',
  security: 'Security',
  network: 'Network',
  compliance: 'Compliance',
  governance: 'Governance',
} as const;

export const controlWords = {
  controlled: 'Controlled',
  uncontrolled: 'Uncontrolled',
  unknown: 'Unknown',
} as const;

/** A weakness by its number; a finding in words. */
export const nameOf = ({ kind, source, title }: Pick<RiskRow, 'kind' | 'source' | 'title'>): string =>
  kind === 'weakness' ? source : title;
