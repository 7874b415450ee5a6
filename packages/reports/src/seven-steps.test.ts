import { loadKnowledge } from '@wardline/knowledge';
import type { EvidenceRow } from '@wardline/model';
import { expect, it } from 'vitest';
import { type StepFacts, sevenSteps } from './seven-steps.ts';

const { controls } = loadKnowledge();
const AT = Date.UTC(2026, 10, 26) * 1000;
const DAY = 86_400_000_000;

const row = (query: string, outcome: EvidenceRow['outcome']): EvidenceRow => {
  const { title, asks, domain, days, remedy } = controls.queries.get(query)!;
  const counts = { population: 1, failing: 0, undetermined: 0, controls: 1 };
  return { query, title, asks, domain, days, remedy, outcome, reason: 'r', asOf: null, ...counts };
};
const facts = (
  change: Record<string, EvidenceRow['outcome']> = {},
  more: Partial<StepFacts> = {},
): StepFacts => ({
  evidence: [...controls.queries.keys()].map((query) => row(query, change[query] ?? 'holds')),
  threats: { classes: 2, open: 0, unknown: 0, answered: 3 },
  lastAnalysis: AT - 30 * DAY,
  at: AT,
  ...more,
});
const statesOf = (of: StepFacts) => sevenSteps(of).map(({ state }) => state);
const done = 'done';

it('is done where everything was looked at and holds', () => {
  expect(statesOf(facts())).toEqual([done, done, done, done, done, done, done]);
  expect(sevenSteps(facts()).flatMap(({ checks }) => checks.filter(({ remedy }) => remedy !== ''))).toEqual(
    [],
  );
});

it('is open where something fails, and unknown is not done', () => {
  expect(statesOf(facts({ 'inventory.data-known': 'unknown' }))[1]).toBe('unknown');
  const both = facts({ 'inventory.identified': 'unknown', 'register.reconciled': 'fails' });
  expect(sevenSteps(both)[0]).toMatchObject({ name: 'scope', state: 'open' });
  expect(sevenSteps(both)[0]!.checks[2]!.remedy).not.toBe('');
});

it('asks only what the evidence knows', () => {
  const titles = sevenSteps(facts()).flatMap(({ checks }) => checks.map(({ title }) => title));
  expect(titles.filter((title) => title.includes('.'))).toEqual([]);
  expect(statesOf({ ...facts(), evidence: [] })).toEqual([
    'unknown',
    'unknown',
    done,
    'unknown',
    'unknown',
    'unknown',
    'unknown',
  ]);
});

it.each([
  [{ classes: 0, open: 0, unknown: 0, answered: 0 }, 'unknown'],
  [{ classes: 1, open: 1, unknown: 4, answered: 9 }, 'open'],
  [{ classes: 1, open: 0, unknown: 1, answered: 9 }, 'unknown'],
])('weighs threats %o as %s', (threats, state) => {
  expect(statesOf(facts({}, { threats }))[2]).toBe(state);
});

it.each([
  [null, 'open'],
  [AT - 367 * DAY, 'open'],
  [AT - 366 * DAY, 'done'],
])('wants the analysis again after a year (%s: %s)', (lastAnalysis, state) => {
  expect(statesOf(facts({}, { lastAnalysis }))[6]).toBe(state);
});
