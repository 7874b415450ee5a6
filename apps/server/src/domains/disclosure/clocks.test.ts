import { expect, test } from 'vitest';
import { clocksOf, type DoneStep, isClosed } from './clocks.ts';

const report = { received: '2026-01-01', hasProduct: true };
const done = (step: DoneStep['step'], day: string, outcome: DoneStep['outcome'] = null): DoneStep => ({
  step,
  day,
  note: '',
  outcome,
  supplierName: null,
  address: null,
  actor: 'a',
});
const states = (steps: DoneStep[], today: string, given = report) =>
  clocksOf(given, steps, today)
    .map(({ state }) => state)
    .join(' ');

test.each([
  ['the last day of a clock', [], '2026-01-08', 'running running running running running'],
  ['the day after', [], '2026-01-09', 'overdue running running running running'],
  [
    'an answer in time',
    [done('acknowledge', '2026-01-08')],
    '2026-01-09',
    'done running running running running',
  ],
  [
    'an answer too late',
    [done('acknowledge', '2026-01-09')],
    '2026-01-09',
    'done-late running running running running',
  ],
  ['ninety days on', [], '2026-04-02', 'overdue overdue overdue overdue overdue'],
] as const)('%s', (_, steps, today, expected) => {
  expect(states([...steps], today)).toBe(expected);
});

test('what is not valid needs no more steps, but an answer', () => {
  const assessed = done('assess', '2026-01-02', 'not-valid');
  expect(states([assessed], '2026-06-01')).toBe('overdue done not-needed not-needed not-needed');
  expect(isClosed(clocksOf(report, [assessed], '2026-06-01'))).toBe(false);
  expect(isClosed(clocksOf(report, [assessed, done('acknowledge', '2026-01-02')], '2026-06-01'))).toBe(true);
});

test('what is about nobody’s product is handed over to nobody', () => {
  expect(states([], '2026-01-02', { ...report, hasProduct: false })).toBe(
    'running running not-needed running running',
  );
});

test('days are told from the receipt, over the end of a month and a leap year', () => {
  const [first] = clocksOf({ received: '2028-02-25', hasProduct: true }, [], '2028-02-25');
  expect(first!.due).toBe('2028-03-03');
});
