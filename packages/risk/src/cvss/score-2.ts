import type { CvssVector } from './vector.ts';

const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { L: 0.395, A: 0.646, N: 1 },
  AC: { H: 0.35, M: 0.61, L: 0.71 },
  Au: { M: 0.45, S: 0.56, N: 0.704 },
  impact: { N: 0, P: 0.275, C: 0.66 },
  E: { U: 0.85, POC: 0.9, F: 0.95, H: 1, ND: 1 },
  RL: { OF: 0.87, TF: 0.9, W: 0.95, U: 1, ND: 1 },
  RC: { UC: 0.9, UR: 0.95, C: 1, ND: 1 },
  CDP: { N: 0, L: 0.1, LM: 0.3, MH: 0.4, H: 0.5, ND: 0 },
  TD: { N: 0, L: 0.25, M: 0.75, H: 1, ND: 1 },
  requirement: { L: 0.5, M: 1, H: 1.51, ND: 1 },
};

const rounded = (value: number): number => Math.round(value * 10) / 10;

export interface SecondScores {
  base: number;
  temporal: number;
  environmental: number;
}

/** CVSS 2.0, §3.2. */
export function scoresOf2({ metrics }: CvssVector): SecondScores {
  const weigh = (key: string, kind = key): number => weights[kind]![metrics.get(key)!]!;
  const share = (key: string): number => 1 - weigh(key, 'impact');
  const adjusted = (key: string, by: string): number => 1 - weigh(key, 'impact') * weigh(by, 'requirement');
  const exploitability = 20 * weigh('AV') * weigh('AC') * weigh('Au');
  // With a weak requirement the equation of §3.2.1 falls below 0 (to -0.2), where the scale ends.
  const baseFrom = (impact: number): number =>
    Math.max(0, rounded((0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176)));
  const over = (base: number): number => rounded(base * weigh('E') * weigh('RL') * weigh('RC'));
  const base = baseFrom(10.41 * (1 - share('C') * share('I') * share('A')));
  const impact = Math.min(10, 10.41 * (1 - adjusted('C', 'CR') * adjusted('I', 'IR') * adjusted('A', 'AR')));
  const temporal = over(baseFrom(impact));
  return {
    base,
    temporal: over(base),
    environmental: rounded((temporal + (10 - temporal) * weigh('CDP')) * weigh('TD')),
  };
}
