import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RECALL_RECORDS } from '../limits.ts';
import { readRecalls } from './read.ts';
import type { Recall } from './recall.ts';
import { isWithin, readUnits } from './units.ts';

const enforcement = {
  recall_number: 'Z-0417-2026',
  classification: 'Class I',
  status: 'Ongoing',
  recalling_firm: 'Acme Medical, Inc.',
  product_description: 'Acme Testpump 8000 infusion pump, REF 8000-01',
  code_info: 'UDI-DI: 00614141999996; Serial Numbers: 1000-1999, A77; Lot # L1',
  reason_for_recall: 'The pump may stop without an alarm.',
  recall_initiation_date: '20260107',
};
const recall = {
  cfres_id: '201234',
  product_res_number: 'Z-0418-2026',
  recall_status: 'Open, Classified',
  recalling_firm: 'Acme Medical, Inc.',
  product_description: 'Testmonitor M3',
  code_info: 'All serial numbers',
  reason_for_recall: 'Alarm volume',
  action: 'A letter was sent.',
  event_date_initiated: '2026-02-01',
};
const json = (...results: unknown[]) => JSON.stringify({ meta: {}, results });

describe('recalls of openFDA', () => {
  test('both kinds of record, with their units', () => {
    const { recalls, faults } = readRecalls(json(enforcement, recall));
    expect(faults).toEqual([]);
    expect(recalls).toEqual<Recall[]>([
      {
        id: 'Z-0417-2026',
        source: 'fda-enforcement',
        firm: 'Acme Medical, Inc.',
        product: enforcement.product_description,
        units: {
          devices: ['00614141999996'],
          serials: [
            { from: '1000', to: '1999' },
            { from: 'A77', to: 'A77' },
          ],
          lots: [{ from: 'L1', to: 'L1' }],
          all: false,
        },
        unitsText: enforcement.code_info,
        reason: enforcement.reason_for_recall,
        action: '',
        grade: 'I',
        status: 'open',
        day: '2026-01-07',
      },
      expect.objectContaining({
        id: 'Z-0418-2026',
        source: 'fda-recall',
        grade: null,
        status: 'open',
        day: '2026-02-01',
        units: { devices: [], lots: [], serials: [], all: true },
      }),
    ]);
  });

  test('a faulty record is named with its place, the others are read', () => {
    const { recalls, faults } = readRecalls(json({}, enforcement, 7));
    expect(recalls).toHaveLength(1);
    expect(faults.map(({ place }) => place)).toEqual(['/results/0', '/results/2']);
  });

  test('what is no list of openFDA is refused', () => {
    expect(readRecalls('{"results": 7}').faults).toMatchObject([{ place: '/results' }]);
    expect(readRecalls('{"results": [').faults[0]!.message).toContain('not JSON');
    expect(readRecalls(`{"results":${'['.repeat(200)}${']'.repeat(200)}}`).faults[0]!.message).toContain(
      'nested',
    );
  });

  test('the bound on records, just within and just beyond', () => {
    const many = (count: number) =>
      readRecalls(json(...Array.from({ length: count }, () => ({ recall_number: 'Z' }))));
    expect(many(RECALL_RECORDS).faults).toEqual([]);
    const beyond = many(RECALL_RECORDS + 1);
    expect(beyond.recalls).toHaveLength(RECALL_RECORDS);
    expect(beyond.faults).toMatchObject([{ place: `/results/${RECALL_RECORDS}` }]);
  });

  test('cut off at any character it is refused, and nothing is thrown', () => {
    const text = json(enforcement);
    for (let end = 1; end < text.length; end++) {
      const { recalls, faults } = readRecalls(text.slice(0, end));
      expect([recalls.length, faults.length]).toEqual([0, 1]);
    }
  });
});

describe('field safety notices as a table', () => {
  const head = 'Reference;Manufacturer;Product;UDI-DI;Lots;Serial numbers;Date;Hazard;Action';

  test('rows become notices, and one number in two rows two of them', () => {
    const row = 'FSN-1;Acme GmbH;Testpump 8000;(01)00614141999996;;1 to 9;2026-03-01;Stops;Update';
    const { recalls, faults } = readRecalls([head, row, row.replace('8000', '9000')].join('\n'));
    expect(faults).toEqual([]);
    expect(recalls.map(({ id }) => id)).toEqual(['FSN-1', 'FSN-1 (2)']);
    expect(recalls[0]).toMatchObject({
      source: 'notice',
      firm: 'Acme GmbH',
      units: { devices: ['00614141999996'], serials: [{ from: '1', to: '9' }], all: false },
      day: '2026-03-01',
      action: 'Update',
    });
  });

  test('all lots are all units', () => {
    const { recalls } = readRecalls(`${head}\nFSN-2;Acme;Testpump;;all;;;;`);
    expect(recalls[0]!.units.all).toBe(true);
  });

  test('a row without a product, and a table without its columns, are named', () => {
    expect(readRecalls(`${head}\nFSN-1;Acme;;;;;;;`).faults).toMatchObject([{ place: 'row 2' }]);
    expect(readRecalls('a,b\n1,2').faults[0]!.message).toContain('"id"');
  });
});

describe('units', () => {
  test.each([
    ['Serial numbers: 20-1001 through 20-1999', 'serials', '20-1500', true],
    ['Serial numbers: 20-1001 through 20-1999', 'serials', '20-2000', false],
    ['S/N 1001 - 1999', 'serials', '1500', true],
    ['Lot: AB12, AB14', 'lots', 'ab14', true],
    ['Lot: AB12, AB14', 'lots', 'AB13', false],
    ['Lots AB12-AB19', 'lots', 'AB15', true],
    ['Lot 12-34', 'lots', '20', true],
    ['Model 8000, serial 7', 'serials', '8000', false],
    ['Serial 100-1999', 'serials', '1500', false],
  ] as const)('%s holds of %s %s: %s', (text, kind, number, expected) => {
    expect(isWithin(number, readUnits(text)[kind])).toBe(expected);
  });

  test('twelve and fourteen digits are one number, and a wrong check digit is none', () => {
    expect(readUnits('UDI: 614141999996').devices).toEqual(['00614141999996']);
    expect(readUnits('UDI: 00614141999997').devices).toEqual([]);
  });

  test('nothing is thrown, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        readUnits(text);
        readRecalls(text);
      }),
      { numRuns: 40 },
    );
  });

  test('each number of a list is found again', () => {
    const number = fc.stringMatching(/^[A-Z]{0,2}[0-9]{2,6}$/);
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (numbers) => {
        const { serials } = readUnits(`Serial numbers: ${numbers.join(', ')}`);
        for (const one of numbers) expect(isWithin(one, serials)).toBe(true);
      }),
    );
  });
});
