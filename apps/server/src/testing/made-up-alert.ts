import type { Alert } from '@wardline/model';

/** An alert that no watch told. */
export const madeUpAlert = (number: number): Alert => ({
  id: `1-made-up-alert-${number}`,
  detection: 'new-peer',
  title: `A pump talks to somebody new, ${number}`,
  severity: 'high',
  confidence: 'medium',
  harms: ['patient'],
  technique: null,
  actor: null,
  targets: [],
  targetCount: 0,
  service: null,
  summary: 'It was never seen before.',
  meaning: 'A dose may change.',
  advice: 'Look at the pump.',
  basis: 'baseline',
  firstSeen: 1_700_000_000_000_000,
  lastSeen: 1_700_000_000_000_000,
  count: 1,
  evidence: [],
  facts: {},
});
