import { loadKnowledge } from '@wardline/knowledge';
import { riskRecordSchema } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOf } from './decision-table.ts';
import { activityOf } from './evidence.ts';
import { recompute, recordOf, ssvcAnswers } from './record.ts';
import { type ScaleName, scales } from './scales.ts';
import { type AxisScore, priorityOf, type RiskScore, scoreRisk } from './score.ts';
import type { Span } from './span.ts';
import { riskTables, shippedTables, type TableName, tableNames } from './tables.ts';
import type { RiskAsset, RiskControl, RiskInput, WeaknessSource } from './words.ts';

const tables = riskTables();
const { hazards } = loadKnowledge();
const hazardsFor = (id: string): RiskAsset['hazards'] => {
  const { of: _of, ...kinds } = hazards.of(id)!;
  return kinds;
};

const pump: RiskAsset = {
  id: 'a-1',
  name: 'ICU pump 7',
  classLabel: 'Infusion pump',
  hazards: hazardsFor('infusion-pump'),
  criticality: 'life-critical',
  dataSensitivity: 'possible-phi',
  manyPatients: false,
  dependents: 0,
  exposure: { shown: 'controlled', notExcluded: 'controlled', because: 'It is reached from the ward’s PCs.' },
};
const weakness: WeaknessSource = {
  kind: 'weakness',
  id: 'CVE-2026-0001',
  vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H',
  kev: '2026-01-02',
  epss: { probability: 0.5, date: '2026-11-20' },
  ssvc: { Exploitation: 'active' },
};
const input = (rest: Partial<RiskInput> = {}): RiskInput => ({
  asset: pump,
  source: weakness,
  presence: 'affected',
  controls: [],
  at: 1000,
  ...rest,
});
const control = (rest: Partial<RiskControl> = {}): RiskControl => ({
  id: 'c-1',
  text: 'Only the pump server reaches the pumps',
  kind: 'protective',
  strength: 'strong',
  on: ['exposure'],
  verification: { by: 'the network team', evidence: 'proof p-1', at: 500, until: 2000 },
  ...rest,
});
const score = (rest: Partial<RiskInput> = {}) => scoreRisk(input(rest), tables);
const words = ({ from, to }: Span, scale: ScaleName = 'level') => [scales[scale][from], scales[scale][to]];

describe('tables', () => {
  it('that ship decide every combination and never fall', () => {
    expect(tableNames.map((name) => shippedTables[name].cells.length)).toEqual([
      48, 20, 18, 32, 25, 15, 15, 25,
    ]);
  });

  it.each([
    [{ cells: ['very low'] }, /decides 1 of 25/],
    [{ cells: shippedTables.level.cells.with(24, 'low') }, /falls where/],
    [{ cells: shippedTables.level.cells.with(3, 'grave') }, /"grave" is not in the scale/],
    [{ points: ['severity', 'colour'] }, /no scale "colour"/],
  ])('are refused where they are wrong: %o', (fault, message) => {
    expect(() => tableOf({ ...shippedTables.level, ...fault })).toThrow(message);
  });

  it('of a hospital take the place of those that ship, and only for the same question', () => {
    const cautious = {
      ...shippedTables.level,
      version: 'ours-1',
      cells: shippedTables.level.cells.map(() => 'very high'),
    };
    expect(words(scoreRisk(input(), riskTables([cautious])).axes.privacy.level)).toEqual([
      'very high',
      'very high',
    ]);
    expect(() => riskTables([{ ...shippedTables.level, name: 'control' }])).toThrow(/has to decide/);
  });
});

describe('a score', () => {
  it('keeps the axes apart', () => {
    const { axes, control: answer } = score();
    expect(words(axes.patient.level)).toEqual(['very high', 'very high']);
    expect(words(axes.privacy.level)).toEqual(['low', 'low']);
    expect(words(axes.operations.severity, 'severity')).toEqual(['critical', 'critical']);
    expect(answer).toBe('uncontrolled');
  });

  it('follows what the device is for', () => {
    const printer = { ...pump, hazards: hazardsFor('imaging-printer'), criticality: 'low' as const };
    expect(words(score({ asset: printer }).axes.patient.level)).toEqual(['low', 'low']);
  });

  it('widens by what is unknown, and never takes it for good', () => {
    const known = score().axes.patient;
    const unknown: Partial<RiskInput>[] = [
      { presence: 'unknown' },
      { source: { ...weakness, vector: null } },
      { source: { ...weakness, vector: 'nonsense' } },
      { source: { ...weakness, kev: null, epss: null, ssvc: {} } },
      { asset: { ...pump, hazards: null } },
      { asset: { ...pump, criticality: 'unknown' } },
      { asset: { ...pump, exposure: null } },
    ];
    for (const rest of unknown) {
      const { level, severity, exploitability } = score(rest).axes.patient;
      expect(level.to, JSON.stringify(rest)).toBe(known.level.to);
      const least = [severity.from, exploitability.from];
      expect(least, JSON.stringify(rest)).not.toEqual([known.severity.from, known.exploitability.from]);
      expect(least.every((from, at) => from <= [known.severity.from, known.exploitability.from][at]!)).toBe(
        true,
      );
    }
    expect(score({ presence: 'unknown' }).control).toBe('unknown');
  });

  it('counts a control only while it is verified', () => {
    const left = (one: RiskControl) => words(score({ controls: [one] }).axes.patient.residual.level)[1];
    const until = (at: number) => control({ verification: { by: 'x', evidence: 'y', at: 500, until: at } });
    expect(left(control())).toBe('moderate');
    expect([left(until(1001)), left(until(1000))]).toEqual(['moderate', 'very high']);
    expect(left(control({ verification: null }))).toBe('very high');
    expect(left(control({ kind: 'information', on: ['exploitability'] }))).toBe(
      left(control({ strength: 'partial', on: ['exploitability'] })),
    );
    expect(words(score({ controls: [control()] }).axes.patient.level)[1]).toBe('very high');
  });

  it.each([
    [{ kev: '2026-01-02' }, [3, 3]],
    [{ kev: 'not-listed', epss: { probability: 0.1, date: 'd' } }, [2, 2]],
    [{ kev: 'not-listed', epss: { probability: 0.099, date: 'd' } }, [0, 0]],
    [{ kev: 'not-listed', epss: null, ssvc: { exploitation: 'poc' } }, [1, 2]],
    [{ kev: 'not-listed', epss: { probability: 0.01, date: 'd' }, ssvc: {} }, [0, 1]],
    [{ kev: null, epss: { probability: 0.01, date: 'd' } }, [0, 3]],
  ])('grades exploitation by KEV, EPSS and SSVC: %o', (rest, [from, to]) => {
    expect(activityOf({ ...weakness, ssvc: { Exploitation: 'none' }, ...rest })).toEqual({ from, to });
  });

  it('puts harm to patients first in the queue', () => {
    const privacy = score({
      asset: {
        ...pump,
        hazards: hazardsFor('camera'),
        criticality: 'low',
        dataSensitivity: 'phi',
        manyPatients: true,
      },
    });
    expect(priorityOf(score())).toBeGreaterThan(priorityOf(privacy));
    expect(priorityOf(score())).toBeGreaterThan(priorityOf(score({ presence: 'unknown' })));
  });
});

const anySpan = (scale: ScaleName) =>
  fc
    .tuple(fc.nat(scales[scale].length - 1), fc.nat(scales[scale].length - 1))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

it('each table gives for spans exactly what its cells within them give', () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom<TableName>(...tableNames)
        .chain((name) =>
          fc.tuple(
            fc.constant(name),
            fc.tuple(...shippedTables[name].points.map((point) => anySpan(point as ScaleName))),
          ),
        ),
      ([name, spans]) => {
        let at: number[][] = [[]];
        for (const { from, to } of spans)
          at = at.flatMap((head) =>
            Array.from({ length: to - from + 1 }, (_, step) => [...head, from + step]),
          );
        const all = at.map((places) => tables[name].decide(...places));
        expect(tables[name].span(...spans)).toEqual({ from: Math.min(...all), to: Math.max(...all) });
      },
    ),
    { numRuns: 300 },
  );
});

/** Inputs of which the second is graver than the first in one respect, or less known. */
const worsenings: readonly [name: string, worsen: (of: RiskInput) => RiskInput][] = [
  ['exploited', (of) => ({ ...of, source: { ...of.source, kev: '2020-01-01' } as WeaknessSource })],
  [
    'likelier',
    (of) => ({ ...of, source: { ...of.source, epss: { probability: 0.9, date: 'd' } } as WeaknessSource }),
  ],
  [
    'open',
    (of) => ({
      ...of,
      asset: { ...of.asset, exposure: { shown: 'open', notExcluded: 'open', because: '' } },
    }),
  ],
  ['life-critical', (of) => ({ ...of, asset: { ...of.asset, criticality: 'life-critical' } })],
  ['phi', (of) => ({ ...of, asset: { ...of.asset, dataSensitivity: 'phi' } })],
  ['many', (of) => ({ ...of, asset: { ...of.asset, manyPatients: true, dependents: 100 } })],
  ['no control', (of) => ({ ...of, controls: [] })],
];
const anyInput: fc.Arbitrary<RiskInput> = fc.record({
  asset: fc.record({
    id: fc.constant('a'),
    name: fc.constant('a'),
    classLabel: fc.constant(null),
    hazards: fc.constantFrom('ventilator', 'ct', 'camera', 'switch').map(hazardsFor),
    criticality: fc.constantFrom('life-critical', 'high', 'medium', 'low'),
    dataSensitivity: fc.constantFrom('phi', 'possible-phi', 'no-phi'),
    manyPatients: fc.boolean(),
    dependents: fc.nat(20),
    exposure: fc
      .constantFrom('excluded', 'small', 'controlled', 'open')
      .map((grade) => ({ shown: grade, notExcluded: grade, because: '' })),
  }),
  source: fc.record({
    kind: fc.constant('weakness' as const),
    id: fc.constant('w'),
    vector: fc.constantFrom(
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:L/I:N/A:H',
      'CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N',
      'AV:N/AC:L/Au:N/C:P/I:P/A:C',
    ),
    kev: fc.constant('not-listed'),
    epss: fc.constantFrom(0.01, 0.2).map((probability) => ({ probability, date: 'd' })),
    ssvc: fc.constantFrom({ Exploitation: 'none' }, { Exploitation: 'poc' }),
  }),
  presence: fc.constant('affected' as const),
  controls: fc.array(
    fc.record({
      id: fc.constant('c'),
      text: fc.constant('c'),
      kind: fc.constantFrom('inherent', 'protective', 'information'),
      strength: fc.constantFrom('partial', 'strong'),
      on: fc.uniqueArray(fc.constantFrom('exposure', 'exploitability', 'patient', 'privacy', 'operations'), {
        minLength: 1,
      }),
      verification: fc.constantFrom(
        null,
        { by: 'x', evidence: 'y', at: 0, until: 5 },
        { by: 'x', evidence: 'y', at: 0, until: 50 },
      ),
    }),
    { maxLength: 3 },
  ),
  at: fc.constant(10),
}) as fc.Arbitrary<RiskInput>;

const spansOf = ({ axes }: RiskScore): Span[] =>
  Object.values(axes).flatMap((axis: AxisScore) => [
    axis.level,
    axis.severity,
    axis.residual.level,
    axis.residual.exploitability,
  ]);

it('never falls on any axis when something gets worse, nor with controls above what it is without', () => {
  fc.assert(
    fc.property(anyInput, fc.constantFrom(...worsenings), (one, [, worsen]) => {
      const before = spansOf(scoreRisk(one, tables));
      const after = spansOf(scoreRisk(worsen(one), tables));
      for (const [at, { from, to }] of before.entries()) {
        expect(after[at]!.from).toBeGreaterThanOrEqual(from);
        expect(after[at]!.to).toBeGreaterThanOrEqual(to);
      }
    }),
    { numRuns: 1000 },
  );
});

describe('a record', () => {
  it('tells in sentences how the score came about', () => {
    const { sentences } = recordOf(input({ controls: [control({ verification: null })] }), tables);
    expect(sentences).toMatchInlineSnapshot(`
      [
        "ICU pump 7 is of the class “Infusion pump”; a patient’s life can hang on it within minutes.",
        "It has the weakness CVE-2026-0001.",
        "With it, it can happen that it delivers a rate or a drug that nobody ordered: a patient dies or is injured by an overdose. ISO 14971 calls that harm catastrophic.",
        "It is known to be exploited since 2026-01-02 (KEV); EPSS of 2026-11-20 gives 50.0 % that anybody is seen exploiting it within 30 days; SSVC says of exploitation: active. Exploitation is therefore graded “active”.",
        "What stands in an attacker’s way is graded “unaided” (by CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H).",
        "It is reached from the ward’s PCs. Exposure is graded “controlled”.",
        "Together that makes an exploitability of “very high”.",
        "The control “Only the pump server reaches the pumps” against how it is reached is claimed but not verified, and does not count.",
        "Risk to patients: “very high”, from a severity “catastrophic” and an exploitability “very high”.",
        "Risk to privacy: “low”, from a severity “negligible” and an exploitability “very high”.",
        "Risk to operations: “very high”, from a severity “critical” and an exploitability “very high”.",
        "In the FDA’s postmarket sense the risk to patients that is left is uncontrolled: it has to be brought down, and people told, without delay.",
      ]
    `);
  });

  it('comes to the same when it is worked out again from its text alone', () => {
    fc.assert(
      fc.property(anyInput, (one) => {
        const record = riskRecordSchema.parse(JSON.parse(JSON.stringify(recordOf(one, tables))));
        expect(recompute(record)).toEqual({ record, differences: [], otherTables: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('shows where it was changed, and which tables are not those that ship', () => {
    const record = recordOf(input(), tables);
    const changed = structuredClone(record);
    changed.score.patient.level.to = 'low';
    changed.tables[0]!.version = 'ours';
    const { differences, otherTables } = recompute(changed);
    expect(differences).toEqual(['score.patient.level.to: the record says "low", it comes to "very high"']);
    expect(otherTables).toEqual(['exploitability ours']);
  });

  it('answers what SSVC asks of who deploys, as far as it is known', () => {
    expect(ssvcAnswers(input(), score())).toMatchObject({
      Exploitation: 'active',
      'System Exposure': 'controlled',
      'Human Impact': 'very high',
    });
    const wide = input({
      asset: {
        ...pump,
        exposure: { shown: 'small', notExcluded: 'open', because: '' },
        criticality: 'unknown',
      },
    });
    expect(Object.keys(ssvcAnswers(wide, scoreRisk(wide, tables)))).toEqual(['Exploitation']);
  });
});
