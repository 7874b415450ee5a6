import type { Recall } from '@wardline/formats';
import { plainName } from '@wardline/knowledge';
import { describe, expect, test } from 'vitest';
import { knowledge } from '../testing/hospital.ts';
import { fitOfProduct, matchOfUnit, modelWords, type RecalledProduct, type RecalledUnit } from './match.ts';

const device = '00614141999996';
const spans = (...numbers: string[]) => numbers.map((one) => ({ from: one, to: one }));
const recall = (
  given: Partial<Omit<Recall, 'units'>> & { units?: Partial<Recall['units']> } = {},
): Recall => ({
  id: 'Z-1',
  source: 'fda-enforcement',
  firm: 'Acme Medical, Inc.',
  product: 'Acme Testpump 8000 infusion pump, REF 8000-01',
  unitsText: '',
  reason: '',
  action: '',
  grade: 'I',
  status: 'open',
  day: null,
  ...given,
  units: { devices: [], lots: [], serials: [], all: false, ...given.units },
});
const pump: Omit<RecalledProduct, 'words'> = { vendor: 'Acme Medical', model: 'Testpump 8000', device: null };

const fitOf = (notice: Recall, product: Omit<RecalledProduct, 'words'>) =>
  fitOfProduct(knowledge, notice, plainName(notice.product), {
    ...product,
    words: modelWords(product.vendor, product.model),
  });

function certainty(
  notice: Recall,
  product: Omit<RecalledProduct, 'words'>,
  unit: Partial<RecalledUnit> = {},
) {
  const fit = fitOf(notice, product);
  return fit === null ? null : matchOfUnit(notice, fit, { serial: '', lot: '', ...unit }).certainty;
}

describe('a notice against a device', () => {
  test.each([
    [
      'identifier and serial number',
      { devices: [device], serials: spans('7') },
      { device },
      { serial: '7' },
      'certain',
    ],
    ['identifier, all units', { devices: [device], all: true }, { device }, {}, 'certain'],
    ['identifier, no units told', { devices: [device] }, { device }, {}, 'likely'],
    [
      'identifier, its serial number not known',
      { devices: [device], serials: spans('7') },
      { device },
      {},
      'possible',
    ],
    [
      'identifier, another serial number',
      { devices: [device], serials: spans('7') },
      { device },
      { serial: '8' },
      'unlikely',
    ],
    ['maker, model and lot', { lots: spans('L1') }, {}, { lot: 'l1' }, 'certain'],
    ['maker and model, all units', { all: true }, {}, {}, 'likely'],
    ['maker and model, its lot not known', { lots: spans('L1') }, {}, { serial: '7' }, 'possible'],
    ['another identifier, no units told', { devices: ['05102222233336'] }, { device }, {}, 'unlikely'],
    [
      'another identifier, its serial number',
      { devices: ['05102222233336'], serials: spans('7') },
      { device },
      { serial: '7' },
      'likely',
    ],
    ['maker not known', {}, { vendor: '' }, {}, 'possible'],
    [
      'another maker, its serial number',
      { serials: spans('7') },
      { vendor: 'Philips' },
      { serial: '7' },
      'likely',
    ],
  ] as const)('%s', (_name, units, product, unit, expected) => {
    const notice = recall({ units: units as unknown as Partial<Recall['units']> });
    expect(certainty(notice, { ...pump, ...product }, unit)).toBe(expected);
  });

  test.each([
    ['another model', { model: 'Testpump 9000' }],
    ['a part of a word', { model: 'Testpump 800' }],
    ['a word that says nothing', { model: 'pump' }],
    ['a bare number of another maker', { model: '8000', vendor: 'Philips' }],
    ['no model', { model: '' }],
  ])('has nothing to do with it: %s', (_name, product) => {
    expect(certainty(recall(), { ...pump, ...product })).toBeNull();
  });

  test('says why, with the numbers', () => {
    const notice = recall({ units: { serials: spans('7') } });
    const fit = fitOf(notice, pump)!;
    expect(matchOfUnit(notice, fit, { serial: '8', lot: '' }).reasons).toEqual([
      'The notice of Acme Medical, Inc. names the model Testpump 8000.',
      'Its serial number 8 is not among those that were read out of the notice.',
    ]);
  });
});
