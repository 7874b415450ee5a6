import type { DecisionTable } from '@wardline/formats';
import { expect, it } from 'vitest';
import { outcomesOf } from './decide.ts';

const point = (name: string, ...values: string[]) => ({ name, version: '1.0.0', values });
const table: DecisionTable = {
  name: 'Priority',
  points: [point('Exploitation', 'none', 'public poc', 'active'), point('Exposure', 'small', 'open')],
  outcome: point('Priority', 'defer', 'scheduled', 'immediate'),
  rows: [
    { values: ['none', 'small'], outcome: 'defer' },
    { values: ['none', 'open'], outcome: 'defer' },
    { values: ['public poc', 'small'], outcome: 'defer' },
    { values: ['public poc', 'open'], outcome: 'scheduled' },
    { values: ['active', 'small'], outcome: 'scheduled' },
    { values: ['active', 'open'], outcome: 'immediate' },
  ],
};

it('gives the one outcome where every decision point is known', () => {
  const answer = outcomesOf(table, { Exploitation: 'poc', exposure: 'Open' });
  expect(answer).toEqual({ table: 'Priority', outcomes: ['scheduled'], open: [] });
});

it('widens by what is not known, and by a word that the table does not have', () => {
  expect(outcomesOf(table, { Exploitation: 'active' })).toMatchObject({
    outcomes: ['scheduled', 'immediate'],
    open: ['Exposure'],
  });
  expect(outcomesOf(table, { Exploitation: 'rumoured', Exposure: 'small' })).toMatchObject({
    outcomes: ['defer', 'scheduled'],
    open: ['Exploitation'],
  });
});
