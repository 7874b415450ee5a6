import type { CvssVector } from './vector.ts';

const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  impact: { H: 0.56, L: 0.22, N: 0 },
  requirement: { X: 1, L: 0.5, M: 1, H: 1.5 },
  E: { X: 1, U: 0.91, P: 0.94, F: 0.97, H: 1 },
  RL: { X: 1, O: 0.95, T: 0.96, W: 0.97, U: 1 },
  RC: { X: 1, U: 0.92, R: 0.96, C: 1 },
};
const privileges = { U: { N: 0.85, L: 0.62, H: 0.27 }, C: { N: 0.85, L: 0.68, H: 0.5 } } as const;

export interface ThirdScores {
  base: number;
  temporal: number;
  environmental: number;
}

/** Up to one decimal. 3.1 counts in hundred-thousandths, so that floating point cannot push a score over (appendix A). */
function roundedUp(value: number, version: string): number {
  if (version === '3.0') return Math.ceil(Number((value * 10).toFixed(9))) / 10;
  const whole = Math.round(value * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

/** CVSS 3.0 and 3.1, §7; they differ in how they round and in the modified impact where the scope changes. */
export function scoresOf3({ version, metrics }: CvssVector): ThirdScores {
  const at = (key: string): string => metrics.get(key)!;
  const here = (key: string): string => (at(`M${key}`) === 'X' ? at(key) : at(`M${key}`));
  const up = (value: number): number => roundedUp(value, version);
  const over = (value: number): number => up(value * weigh('E') * weigh('RL') * weigh('RC'));
  const weigh = (key: string): number => weights[key]![at(key)]!;
  const lost = (key: string, of: (key: string) => string, requirement: number): number =>
    1 - weights.impact![of(key)]! * requirement;
  const asked = (key: string): number => weights.requirement![at(`${key}R`)]!;
  const left = lost('C', at, 1) * lost('I', at, 1) * lost('A', at, 1);
  const leftHere = lost('C', here, asked('C')) * lost('I', here, asked('I')) * lost('A', here, asked('A'));
  const base = up(baseOf(impactOf(1 - left, at('S'), false), exploitability(at), at('S')));
  const modified = impactOf(Math.min(1 - leftHere, 0.915), here('S'), version === '3.1');
  return {
    base,
    temporal: over(base),
    environmental: over(up(baseOf(modified, exploitability(here), here('S')))),
  };
}

function impactOf(share: number, scope: string, later: boolean): number {
  if (scope === 'U') return 6.42 * share;
  return later
    ? 7.52 * (share - 0.029) - 3.25 * (share * 0.9731 - 0.02) ** 13
    : 7.52 * (share - 0.029) - 3.25 * (share - 0.02) ** 15;
}

function exploitability(of: (key: string) => string): number {
  const rights = privileges[of('S') as 'U' | 'C'][of('PR') as 'N' | 'L' | 'H'];
  return 8.22 * weights.AV![of('AV')]! * weights.AC![of('AC')]! * rights * weights.UI![of('UI')]!;
}

const baseOf = (impact: number, exploit: number, scope: string): number =>
  impact <= 0 ? 0 : Math.min((scope === 'C' ? 1.08 : 1) * (impact + exploit), 10);
