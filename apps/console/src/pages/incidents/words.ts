import type { IncidentEntry, IncidentRow } from '../../api/incidents.ts';

export const stateWords: Readonly<Record<IncidentRow['state'], string>> = {
  open: 'Open',
  contained: 'Contained',
  recovered: 'Recovered',
  closed: 'Closed',
};

export const roleWords: Readonly<Record<string, string>> = {
  commander: 'Incident commander',
  clinical: 'Clinical care',
  biomedical: 'Biomedical engineering',
  security: 'Security',
  network: 'Network',
  privacy: 'Privacy',
};

export const phaseWords: Readonly<Record<string, string>> = {
  detect: 'Understand',
  care: 'Keep care going',
  contain: 'Contain',
  eradicate: 'Remove',
  recover: 'Recover',
  learn: 'Learn',
};

export const entryWords: Readonly<Record<IncidentEntry['kind'], string>> = {
  opened: 'Opened',
  note: 'Note',
  decision: 'Decision',
  evidence: 'Evidence',
  step: 'Step',
  duty: 'Role',
  state: 'State',
  breach: 'Breach assessment',
  containment: 'Containment',
};

export const noticeWords: Readonly<Record<string, string>> = {
  individuals: 'Each person concerned',
  media: 'Prominent media',
  secretary: 'HHS',
  'covered-entity': 'The covered entity',
  records: 'Keep the records until',
};

export const verdictWords: Readonly<Record<string, string>> = {
  secured: 'The information was secured',
  excepted: 'An exception holds',
  'low-probability': 'Low probability that information was compromised',
  presumed: 'Presumed to be a breach',
  breach: 'A breach',
};
