import type { Mds2Answer } from '@wardline/formats';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { purchaseDetails } from '../../testing/suppliers.ts';
import type { Assessed } from './assessed-product.ts';
import { scoreOf } from './score.ts';

const said = (id: string, value: Mds2Answer['value']): Mds2Answer => ({
  id,
  section: '',
  about: '',
  value,
  text: value,
  note: null,
  place: 'MDS2!C1',
});
const nothing: Assessed = {
  form: null,
  sbom: null,
  commitments: purchaseDetails.commitments,
  seen: { assets: 0, contradictions: 0 },
  hasServiceAgreement: false,
};
const line = (assessed: Assessed, id: string) =>
  scoreOf(assessed)
    .parts.flatMap(({ lines }) => lines)
    .find((one) => one.id === id)!;
const withForm = (...answers: Mds2Answer[]): Assessed => ({
  ...nothing,
  form: { name: 'pump.xlsx', answers, open: 0 },
});

describe('a score before a purchase', () => {
  test('of which nothing is known is 0, and could be 100', () => {
    expect(scoreOf(nothing)).toMatchObject({ score: 0, upTo: 100 });
    expect(
      scoreOf(nothing)
        .parts.map(({ weight }) => weight)
        .reduce((a, b) => a + b),
    ).toBe(100);
  });

  test('each line cites the cell that it rests on, and names the clause where something is missing', () => {
    const bad = line(withForm(said('TXCF-2', 'no')), 'transit');
    expect(bad).toMatchObject({
      verdict: 'bad',
      points: 0,
      source: 'pump.xlsx, MDS2!C1',
      clause: expect.stringContaining('TLS'),
    });
    expect(line(withForm(said('18-2', 'yes')), 'transit')).toMatchObject({ verdict: 'good', clause: null });
  });

  test('what is blank or unclear is unknown and counts nothing, a note half, what does not apply takes no part', () => {
    const verdicts = (['blank', 'unclear', 'see-note', 'not-applicable'] as const).map((value) => {
      const { verdict, points, most } = line(withForm(said('EMRG-1', value)), 'emergency');
      return [verdict, points, most];
    });
    expect(verdicts).toEqual([
      ['unknown', 0, 1],
      ['unknown', 0, 1],
      ['partly', 0.5, 1],
      ['unknown', 0, 0],
    ]);
  });

  test('a yes with a limit to it holds in part', () => {
    const limited = { ...said('SAHD-9', 'yes'), text: 'Yes, but telnet', note: 'but telnet' };
    expect(line(withForm(limited), 'hardening')).toMatchObject({
      verdict: 'partly',
      reason: 'SAHD-9: "Yes, but telnet"',
    });
    expect(line(withForm({ ...limited, note: 'see manual' }), 'hardening').verdict).toBe('good');
  });

  test('devices that are here and contradict their form speak against it', () => {
    const seen = (contradictions: number) =>
      line({ ...withForm(), seen: { assets: 2, contradictions } }, 'seen').verdict;
    expect([seen(0), seen(1)]).toEqual(['good', 'bad']);
    expect(line(withForm(), 'seen').verdict).toBe('unknown');
  });

  test.each([
    ['patchDays', 30, 'good'],
    ['patchDays', 31, 'partly'],
    ['patchDays', 91, 'bad'],
    ['updateYears', 8, 'good'],
    ['updateYears', 4, 'bad'],
    ['supportHours', 24, 'partly'],
  ] as const)('%s of %i is %s', (name, value, verdict) => {
    const id = { patchDays: 'patch-days', updateYears: 'update-years', supportHours: 'support-hours' }[name];
    expect(line({ ...nothing, commitments: { ...nothing.commitments, [name]: value } }, id).verdict).toBe(
      verdict,
    );
  });

  test('a bill of materials is judged by what its parts tell', () => {
    const sbom = { id: 'S-1', components: 100, withVersion: 95, withIdentifier: 60, withSupplier: 59 };
    const verdicts = ['sbom', 'sbom-versions', 'sbom-identifiers', 'sbom-suppliers'].map(
      (id) => line({ ...nothing, sbom }, id).verdict,
    );
    expect(verdicts).toEqual(['good', 'good', 'partly', 'bad']);
  });

  test('learning something good never lowers it, learning something bad never raises it, and it stays within 0 and 100', () => {
    const value = fc.constantFrom('yes', 'no', 'blank', 'see-note', 'not-applicable') as fc.Arbitrary<
      Mds2Answer['value']
    >;
    const ids = ['TXCF-2', 'STCF-1', 'PAUT-1.1', 'AUDT-2', 'NAUT-3', 'RMOT-1.1', 'DOC-8', 'SBOM-4'];
    const answers = fc.tuple(...ids.map((id) => value.map((one) => said(id, one))));
    fc.assert(
      fc.property(answers, fc.nat(ids.length - 1), (list, at) => {
        const unknown = scoreOf(
          withForm(...list.map((one, index) => (index === at ? said(one.id, 'blank') : one))),
        );
        const as = (turned: Mds2Answer['value']) =>
          scoreOf(withForm(...list.map((one, index) => (index === at ? said(one.id, turned) : one))));
        expect(as('yes').score).toBeGreaterThanOrEqual(unknown.score);
        expect(as('no').score).toBeLessThanOrEqual(unknown.score);
        expect(unknown.score).toBeGreaterThanOrEqual(0);
        expect(unknown.upTo).toBeLessThanOrEqual(100);
        expect(unknown.score).toBeLessThanOrEqual(unknown.upTo);
      }),
    );
  });
});
