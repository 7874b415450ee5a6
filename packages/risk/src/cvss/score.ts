import { scoresOf2 } from './score-2.ts';
import { scoresOf3 } from './score-3.ts';
import { scoresOf4 } from './score-4.ts';
import type { CvssVector } from './vector.ts';

export const ratings = ['none', 'low', 'medium', 'high', 'critical'] as const;
export type Rating = (typeof ratings)[number];

export interface CvssScore {
  base: number;
  /** With what the vector tells of threat and environment; the base score where it tells nothing. */
  score: number;
  /** What the score took into account, in the words of the version. */
  name: string;
  rating: Rating;
}

/** The score of a vector in its own version. */
export function scoreCvss(vector: CvssVector): CvssScore {
  const { base, score, name } = vector.version === '4.0' ? scoresOf4(vector) : earlier(vector);
  return { base, score, name, rating: ratingOf(score) };
}

function earlier(vector: CvssVector): { base: number; score: number; name: string } {
  const scores = vector.version === '2.0' ? scoresOf2(vector) : scoresOf3(vector);
  const given = (keys: readonly string[]): boolean =>
    keys.some((key) => !['X', 'ND', undefined].includes(vector.metrics.get(key)));
  const environment = [...vector.metrics.keys()].filter((key) => /^(?:M[A-Z]{1,2}|[CIA]R|CDP|TD)$/.test(key));
  if (given(environment)) return { ...scores, score: scores.environmental, name: 'environmental' };
  return given(['E', 'RL', 'RC'])
    ? { ...scores, score: scores.temporal, name: 'temporal' }
    : { ...scores, score: scores.base, name: 'base' };
}

/** CVSS 3.1, table 14; the same in 4.0. */
export function ratingOf(score: number): Rating {
  if (score === 0) return 'none';
  return score < 4 ? 'low' : score < 7 ? 'medium' : score < 9 ? 'high' : 'critical';
}
