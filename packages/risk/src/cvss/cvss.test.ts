import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CVSS_CHARS } from './limits.ts';
import { applyRubric, rubricData, rubricQuestions } from './medical-rubric.ts';
import { ratingOf, scoreCvss } from './score.ts';
import { scoresOf2 } from './score-2.ts';
import { scoresOf3 } from './score-3.ts';
import { scoresOf4 } from './score-4.ts';
import { type CvssVector, printCvss, readCvss } from './vector.ts';
import { cvssVersions, grammars } from './versions.ts';

const folder = fileURLToPath(new URL('../../../../../shared/data/conformance/cvss/', import.meta.url));
const counted: { version: string; cases: number; passed: number }[] = [];
afterAll(() => counted.length > 0 && console.table(counted));

function vectorOf(text: string): CvssVector {
  const reading = readCvss(text);
  if (!reading.ok) throw new Error(`${text}: ${reading.fault.at} ${reading.fault.message}`);
  return reading.vector;
}

const faultOf = (text: string) => {
  const reading = readCvss(text);
  return reading.ok ? null : reading.fault;
};

const all = (vector: CvssVector): (number | null)[] => {
  if (vector.version === '4.0') return [scoresOf4(vector).score];
  const { base, temporal, environmental } = vector.version === '2.0' ? scoresOf2(vector) : scoresOf3(vector);
  return [base, temporal, environmental];
};

const anyVector = fc.constantFrom(...cvssVersions).chain((version) => {
  const { prefix, metrics } = grammars[version];
  return fc
    .tuple(...metrics.map(({ values }) => fc.constantFrom(...values)))
    .map((values) => prefix + metrics.map(({ key }, at) => `${key}:${values[at]}`).join('/'));
});

describe.skipIf(!existsSync(folder))('conformance', () => {
  it.each([
    ['2.0', 'vectors_simple2.txt', 364],
    ['3.0', 'vectors_simple3.txt', 1304],
    ['3.1', 'vectors_simple31.txt', 1293],
    ['4.0', 'vectors_simple4.txt', 517],
  ])('scores CVSS %s as the published cases say', (version, file, cases) => {
    const lines = readFileSync(folder + file, 'utf8')
      .trim()
      .split('\n');
    const wrong = lines.filter((line) => {
      const [text, tuple] = line.split(' - ') as [string, string];
      const wanted = tuple
        .replace(/[()]/g, '')
        .split(',')
        .filter((part) => part.trim() !== '');
      const scores = all(vectorOf(text));
      return wanted.some((value, at) => !value.includes('None') && Number(value) !== scores[at]);
    });
    counted.push({ version, cases: lines.length, passed: lines.length - wrong.length });
    expect(wrong).toEqual([]);
    expect(lines).toHaveLength(cases);
  });
});

describe('scores', () => {
  it.each([
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H', [7.8, 6.4, 9.2]],
    [
      'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:N/E:H/RL:O/CR:H/IR:L/AR:H/MAV:L/MPR:L/MS:C/MC:H',
      [3.8, 3.7, 8.3],
    ],
    ['AV:L/AC:H/Au:M/C:N/I:P/A:N/IR:L', [0.8, 0.8, 0]],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N', [0]],
    ['CVSS:4.0/AV:P/AC:L/AT:N/PR:H/UI:P/VC:N/VI:N/VA:L/SC:H/SI:H/SA:N/MAV:A/MVA:H/MSC:L/MSI:S/MSA:N', [8.2]],
    ['CVSS:4.0/AV:L/AC:L/AT:P/PR:H/UI:P/VC:L/VI:N/VA:H/SC:L/SI:L/SA:H/E:A/AR:L/MAV:P/MVC:H/MSI:S', [7.1]],
  ])('take threat and environment into account: %s', (text, scores) => {
    expect(all(vectorOf(text))).toEqual(scores);
  });

  it('say what they took into account', () => {
    const base = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
    const nameOf = (text: string) => scoreCvss(vectorOf(text)).name;
    expect([base, `${base}/E:U`, `${base}/CR:L`, `${base}/E:P/MSI:S`, `${base}/S:P`].map(nameOf)).toEqual([
      'CVSS-B',
      'CVSS-BT',
      'CVSS-BE',
      'CVSS-BTE',
      'CVSS-B',
    ]);
    expect(scoreCvss(vectorOf(`${base}/E:U`)).base).toBe(9.3);
    const third = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
    expect([third, `${third}/E:U`, `${third}/MAV:P`].map(nameOf)).toEqual([
      'base',
      'temporal',
      'environmental',
    ]);
    expect([0, 3.9, 4, 6.9, 7, 8.9, 9].map(ratingOf)).toEqual([
      'none',
      'low',
      'medium',
      'medium',
      'high',
      'high',
      'critical',
    ]);
  });

  it('lie between 0 and 10 with one decimal, for every vector', () => {
    fc.assert(
      fc.property(anyVector, (text) => {
        for (const score of all(vectorOf(text))) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(10);
          expect(Math.abs(score! * 10 - Math.round(score! * 10))).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never fall in 4.0 when one metric gets worse', () => {
    const orders: Record<string, string> = {
      AV: 'PLAN',
      PR: 'HLN',
      VC: 'NLH',
      VI: 'NLH',
      VA: 'NLH',
      SC: 'NLH',
      SI: 'NLH',
    };
    const base = anyVector.filter((text) => text.startsWith('CVSS:4.0'));
    fc.assert(
      fc.property(base, fc.constantFrom(...Object.keys(orders)), (text, key) => {
        const { version, metrics } = vectorOf(text);
        const scores = orders[key]!.split('').map(
          (value) =>
            scoresOf4({ version, metrics: new Map([...metrics, [key, value], [`M${key}`, 'X']]) }).score,
        );
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });
});

describe('vectors', () => {
  it('are written back as they were read, without what is not defined', () => {
    fc.assert(
      fc.property(anyVector, (text) => {
        const told = text.replace(/\/[A-Z]{1,3}:(?:X|ND)(?=\/|$)/g, '');
        expect(printCvss(vectorOf(text))).toBe(told);
      }),
    );
  });

  it.each([
    ['', 0, 'expected CVSS'],
    ['CVSS:5.0/AV:N', 0, 'expected CVSS'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H', 40, 'A is missing'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:H', 45, 'A is given twice'],
    ['CVSS:3.1/AV:Q/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 9, 'expected AV as one of N, A, L, P'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/', 45, 'expected a metric'],
    ['CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', 14, 'out of order'],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:h', 41, 'expected A as one of'],
  ])('are refused at the place of the fault: %s', (text, at, message) => {
    expect(faultOf(text)).toMatchObject({ at, message: expect.stringContaining(message) });
  });

  it('are refused at every truncation that loses a base metric', () => {
    const text = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
    for (let end = 0; end < text.length; end += 1) {
      const fault = faultOf(text.slice(0, end));
      expect(fault).not.toBeNull();
      expect(fault!.at).toBeLessThanOrEqual(end);
    }
  });

  it('are read up to their bound and no further', () => {
    const within = 'x'.repeat(CVSS_CHARS);
    expect(faultOf(within)?.message).toContain('expected');
    expect(faultOf(`${within}x`)).toEqual({
      at: CVSS_CHARS,
      message: `longer than ${CVSS_CHARS} characters`,
    });
  });
});

describe('the rubric for medical devices', () => {
  const settled = Object.fromEntries([
    ...rubricQuestions.map(({ id }) => [id, 'no' as const]),
    ...['C', 'I', 'A'].flatMap((metric) =>
      rubricData.map(({ letter }) => [`X${metric}${letter}`, 'none' as const]),
    ),
  ]);

  it('gives one vector where all is answered, with a sentence per metric', () => {
    const pump = {
      ...settled,
      XAVN: 'yes',
      XAVT: 'yes',
      XACL: 'yes',
      XPRL: 'yes',
      XPRZ: 'yes',
      XIT: 'high',
      XAW: 'low',
    } as const;
    const { gravest, lightest, reasons, open } = applyRubric(pump);
    expect(printCvss(gravest)).toBe('CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:L');
    expect(lightest).toEqual(gravest);
    expect(open).toEqual([]);
    expect(reasons).toContain(
      'I is high, by what can be changed: data or functions by which therapy is delivered (high).',
    );
  });

  it('asks only what matters, and widens by what is not answered', () => {
    const { gravest, lightest, open } = applyRubric({
      ...settled,
      XAVN: 'yes',
      XAVT: undefined as never,
      XIT: undefined as never,
    });
    expect(printCvss(gravest)).toBe('CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:H/A:N');
    expect(printCvss(lightest)).toBe('CVSS:3.0/AV:A/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:N');
    expect(open).toEqual(['XAVT', 'XIT']);
  });
});
