import { depths, highestOf, order } from './highest-vectors.ts';
import { macroScores } from './macro-scores.ts';
import { type Effective, type MacroVector, macroVectorOf } from './macro-vector.ts';
import type { CvssVector } from './vector.ts';

/** What a score of 4.0 took into account: base, threat, environment. */
export type FourthName = 'CVSS-B' | 'CVSS-BT' | 'CVSS-BE' | 'CVSS-BTE';

export interface FourthScores {
  base: number;
  /** With threat metrics, environmental metrics, or both, as far as the vector gives them. */
  score: number;
  name: FourthName;
}

export function scoresOf4({ metrics }: CvssVector): FourthScores {
  const environment = [...metrics].some(
    ([key, value]) => value !== 'X' && (/^M[A-Z]{2}$/.test(key) || /^[CIA]R$/.test(key)),
  );
  const threat = metrics.get('E') !== 'X';
  const name = `CVSS-B${threat ? 'T' : ''}${environment ? 'E' : ''}` as FourthName;
  return {
    base: scoreOf((key) => undefinedAs(key, metrics.get(baseMetric.test(key) ? key : '') ?? 'X')),
    score: scoreOf((key) => effective(metrics, key)),
    name,
  };
}

const baseMetric = /^(?:AV|AC|AT|PR|UI|[VS][CIA])$/;

function effective(metrics: ReadonlyMap<string, string>, key: string): string {
  const here = metrics.get(`M${key}`) ?? 'X';
  return here === 'X' ? undefinedAs(key, metrics.get(key)!) : here;
}

/** CVSS 4.0, §3 and §4.1: what is not defined is taken for the worst. */
const undefinedAs = (key: string, value: string): string => (value !== 'X' ? value : key === 'E' ? 'A' : 'H');

const impacts = ['VC', 'VI', 'VA', 'SC', 'SI', 'SA'];

/** CVSS 4.0, §8.2. */
function scoreOf(of: Effective): number {
  if (impacts.every((key) => of(key) === 'N')) return 0;
  const macro = macroVectorOf(of);
  const top = scoreAt(macro)!;
  const falls = fallsOf(macro, of).flatMap(({ below, share }) =>
    below === null ? [] : [(top - below) * share],
  );
  const mean = falls.length === 0 ? 0 : falls.reduce((sum, one) => sum + one, 0) / falls.length;
  return Math.round(Math.min(10, Math.max(0, top - mean)) * 10 + 1e-6) / 10;
}

/** The score of a macro vector; null where there is none lower. */
function scoreAt({ eq1, eq2, eq3, eq4, eq5, eq6 }: MacroVector): number | null {
  return macroScores[`${eq1}${eq2}${eq3}${eq6}`]?.[eq4 <= 2 && eq5 <= 2 ? eq4 * 3 + eq5 : -1] ?? null;
}

interface Fall {
  /** The next lower macro vector's score. */
  below: number | null;
  /** How far the vector lies between the highest one of its level and the lowest. */
  share: number;
}

function fallsOf(macro: MacroVector, of: Effective): Fall[] {
  const { eq1, eq2, eq3, eq4, eq5, eq6 } = macro;
  const steps = stepsBelow(macro, of);
  return [
    { below: scoreAt({ ...macro, eq1: eq1 + 1 }), share: steps.eq1 / depths.eq1[eq1]! },
    { below: scoreAt({ ...macro, eq2: eq2 + 1 }), share: steps.eq2 / depths.eq2[eq2]! },
    { below: belowInBoth(macro), share: steps.eq3eq6 / depths.eq3eq6[eq3]![eq6]! },
    { below: scoreAt({ ...macro, eq4: eq4 + 1 }), share: steps.eq4 / depths.eq4[eq4]! },
    { below: scoreAt({ ...macro, eq5: eq5 + 1 }), share: 0 },
  ];
}

/** EQ3 and EQ6 fall together; where either can fall, the higher of the two scores counts. */
function belowInBoth(macro: MacroVector): number | null {
  const { eq3, eq6 } = macro;
  if (eq3 === 0 && eq6 === 0) return Math.max(scoreAt({ ...macro, eq6: 1 })!, scoreAt({ ...macro, eq3: 1 })!);
  return eq6 === 0 ? scoreAt({ ...macro, eq6: 1 }) : scoreAt({ ...macro, eq3: eq3 + 1 });
}

/** Steps down from a highest vector of every set that lies above this one in each metric. */
function stepsBelow(macro: MacroVector, of: Effective) {
  const tops = highestOf(macro);
  return {
    eq1: stepsFrom(tops.eq1, of),
    eq2: stepsFrom(tops.eq2, of),
    eq3eq6: stepsFrom(tops.eq3eq6, of),
    eq4: stepsFrom(tops.eq4, of),
  };
}

function stepsFrom(tops: readonly string[], of: Effective): number {
  for (const top of tops) {
    const steps = top.split('/').map((part) => {
      const [key, value] = part.split(':') as [string, string];
      return order[key]!.indexOf(of(key)) - order[key]!.indexOf(value);
    });
    if (steps.every((step) => step >= 0)) return steps.reduce((sum, step) => sum + step, 0);
  }
  return 0;
}
