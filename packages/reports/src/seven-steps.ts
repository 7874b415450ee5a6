import type { EvidenceRow, Step, StepName } from '@wardline/model';

export interface StepFacts {
  evidence: readonly EvidenceRow[];
  /** Threats of the classes of devices that are there, by where they stand. */
  threats: { classes: number; open: number; unknown: number; answered: number };
  /** When the last risk analysis was made, microseconds since the epoch; null where none was. */
  lastAnalysis: number | null;
  at: number;
}

type Check = Step['checks'][number];

/** 45 CFR 164.316(b)(2)(iii): the analysis is looked at again; at the latest after a year. */
const YEAR_MICROS = 366 * 86_400_000_000;

interface Plan {
  name: StepName;
  title: string;
  what: string;
  /** Questions of the evidence by which it stands. */
  queries: readonly string[];
}

/** The seven steps of a risk assessment, each with the questions that tell whether it is done. */
const plans: readonly Plan[] = [
  {
    name: 'scope',
    title: 'Scope and inventory',
    what: 'Say what belongs to the assessment, and know every device in it.',
    queries: [
      'inventory.identified',
      'inventory.contradictions',
      'register.reconciled',
      'network.flows-known',
    ],
  },
  {
    name: 'data',
    title: 'Classify data',
    what: 'Know of each device which data of patients it holds, and what care hangs on it.',
    queries: ['inventory.data-known', 'inventory.criticality-known'],
  },
  {
    name: 'threats',
    title: 'Model threats',
    what: 'Know what can be done to each kind of device and to what passes between them, and answer it.',
    queries: [],
  },
  {
    name: 'weaknesses',
    title: 'Assess weaknesses',
    what: 'Know which weaknesses are published of what is there, and whether each applies.',
    queries: [
      'vulnerabilities.fed',
      'vulnerabilities.answered',
      'inventory.software-known',
      'sboms.held',
      'devices.default-passwords',
      'devices.authenticated',
    ],
  },
  {
    name: 'risk',
    title: 'Quantify risk',
    what: 'Weigh the harm to patients, privacy and operations that can come of each.',
    queries: ['risk.analysed'],
  },
  {
    name: 'treatment',
    title: 'Treat and track',
    what: 'Give each grave risk to somebody, decide what is done until when, and see that it is.',
    queries: ['risk.treated', 'risk.accepted', 'vulnerabilities.exploited', 'vulnerabilities.patched'],
  },
  {
    name: 'watch',
    title: 'Monitor and revisit',
    what: 'Watch whether it stays so, and do it again when something changes, at the latest after a year.',
    queries: ['monitoring.sensors', 'monitoring.complete', 'watch.triaged', 'incidents.handled'],
  },
];

const states = { holds: 'done', fails: 'open', unknown: 'unknown' } as const;

/** How each step stands, by the evidence. What nobody looked at is unknown, and a step with such a check is not done. */
export function sevenSteps(facts: StepFacts): Step[] {
  const rows = new Map(facts.evidence.map((row) => [row.query, row]));
  return plans.map(({ queries, ...plan }) => {
    const checks = [
      ...queries.map((query) => checkOf(query, rows.get(query))),
      ...ownChecks(plan.name, facts),
    ];
    return { ...plan, state: worst(checks), checks };
  });
}

function checkOf(query: string, row: EvidenceRow | undefined): Check {
  if (row === undefined)
    return { title: query, state: 'unknown', reason: 'Nobody asks this here.', remedy: '' };
  const { title, outcome, reason, remedy } = row;
  return { title, state: states[outcome], reason, remedy: outcome === 'holds' ? '' : remedy };
}

function ownChecks(name: StepName, { threats, lastAnalysis, at }: StepFacts): Check[] {
  if (name === 'threats') return [threatCheck(threats)];
  if (name !== 'watch') return [];
  const title = 'The analysis is written down, and not older than a year';
  const remedy = 'Make the risk analysis at the end of this page.';
  if (lastAnalysis === null) return [{ title, state: 'open', reason: 'None was made yet.', remedy }];
  const days = Math.floor((at - lastAnalysis) / 86_400_000_000);
  return at - lastAnalysis > YEAR_MICROS
    ? [{ title, state: 'open', reason: `The last is ${days} days old.`, remedy }]
    : [{ title, state: 'done', reason: `The last is ${days} days old.`, remedy: '' }];
}

function threatCheck({ classes, open, unknown, answered }: StepFacts['threats']): Check {
  const title = 'Each threat to each kind of device is answered';
  const remedy = 'Look at the threats that are open, and say what answers each; somebody else verifies it.';
  if (classes === 0) return { title, state: 'unknown', reason: 'No kind of device is known yet.', remedy };
  const reason = `Of the threats to ${classes} kinds of devices ${open} are open, of ${unknown} it is not known, and ${answered} are answered.`;
  if (open > 0) return { title, state: 'open', reason, remedy };
  return unknown > 0
    ? { title, state: 'unknown', reason, remedy }
    : { title, state: 'done', reason, remedy: '' };
}

function worst(checks: readonly Check[]): Step['state'] {
  if (checks.some(({ state }) => state === 'open')) return 'open';
  return checks.length === 0 || checks.some(({ state }) => state === 'unknown') ? 'unknown' : 'done';
}
