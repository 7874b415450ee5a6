import { describe, expect, test } from 'vitest';
import { supplierDetails } from '../../testing/suppliers.ts';
import { remindersOf } from './reminders.ts';

const today = '2026-11-26';
const base = supplierDetails('Acme');
const due = (change: Partial<typeof base>, expires: string | null = null) =>
  remindersOf(
    {
      id: 's',
      details: { ...base, ...change },
      disclosure:
        expires === null ? null : { contacts: [], expires, policy: [], csaf: [], faults: [], readAt: '' },
    },
    today,
  ).map(({ kind, state, day }) => `${kind} ${state} ${day ?? '-'}`);
const baa = (expires: string | null) => ({ ...base.agreements[0]!, expires });

describe('what runs out at a supplier', () => {
  test('nothing, where an agreement has no end', () => expect(due({})).toEqual([]));

  test.each([
    ['2026-11-25', ['agreement overdue 2026-11-25']],
    ['2026-11-26', ['agreement soon 2026-11-26']],
    ['2027-02-24', ['agreement soon 2027-02-24']],
    ['2027-02-25', []],
  ])('an agreement until %s', (day, expected) => expect(due({ agreements: [baa(day)] })).toEqual(expected));

  test('an agreement that was renewed is history', () => {
    expect(due({ agreements: [baa('2020-01-01'), baa('2030-01-01')] })).toEqual([]);
    expect(due({ agreements: [baa('2020-01-01'), { ...baa('2030-01-01'), kind: 'service' }] })).toHaveLength(
      1,
    );
  });

  test('who handles data of patients without an agreement is a gap; who does not, or may not, is none', () => {
    expect(due({ agreements: [] })).toEqual(['no-agreement missing -']);
    expect(due({ agreements: [], handlesPatientData: 'no' })).toEqual([]);
  });

  test('support, ways in and addresses', () => {
    const products = [{ model: 'Pump', endOfSupport: '2026-01-01', source: '' }];
    const channels = [
      { ...base.channels[0]!, containedBy: '' },
      { ...base.channels[0]!, kind: 'on-site' as const, containedBy: '' },
    ];
    expect(due({ products, channels }, '2026-06-01T00:00:00Z')).toEqual([
      'support overdue 2026-01-01',
      'channel missing -',
      'disclosure overdue 2026-06-01',
    ]);
  });
});
