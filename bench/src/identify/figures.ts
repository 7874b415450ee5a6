import type { Judgement, Verdict } from './judge.ts';

export interface Tally {
  devices: number;
  right: number;
  wider: number;
  wrong: number;
  unknown: number;
  /** Of the answers given, those that are true (right or wider); null where none was given. */
  precision: number | null;
  /** Of all devices, those with the right answer. */
  recall: number | null;
}

export function tally(judgements: readonly Judgement[]): Tally {
  const of = (verdict: Verdict) => judgements.filter((judgement) => judgement.verdict === verdict).length;
  const [right, wider, wrong, unknown] = [of('right'), of('wider'), of('wrong'), of('unknown')];
  const answered = right + wider + wrong;
  return {
    devices: judgements.length,
    right,
    wider,
    wrong,
    unknown,
    precision: answered === 0 ? null : (right + wider) / answered,
    recall: judgements.length === 0 ? null : right / judgements.length,
  };
}

/** Answers are put together by confidence between these bounds; below 0.3 nothing is answered. */
const EDGES = [0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001];

export interface Bin {
  from: number;
  to: number;
  answers: number;
  confidence: number;
  accuracy: number;
}

export interface Calibration {
  bins: Bin[];
  answers: number;
  /** Expected calibration error: |confidence − accuracy|, weighed by the answers of each bin. */
  error: number;
  /** Mean of (confidence − 1 or 0)². */
  brier: number;
}

/** How often answers of some confidence are true. What was left unknown states no confidence and is not in it. */
export function calibration(judgements: readonly Judgement[]): Calibration {
  const given = judgements.filter((judgement) => judgement.verdict !== 'unknown');
  const bins = EDGES.slice(0, -1).flatMap((from, n) => binOf(given, from, EDGES[n + 1]!));
  const sum = (of: (bin: Bin) => number) => bins.reduce((total, bin) => total + of(bin), 0);
  return {
    bins,
    answers: given.length,
    error:
      given.length === 0
        ? 0
        : sum((bin) => bin.answers * Math.abs(bin.confidence - bin.accuracy)) / given.length,
    brier: mean(given.map((judgement) => (judgement.confidence - truthOf(judgement)) ** 2)),
  };
}

function binOf(given: readonly Judgement[], from: number, to: number): Bin[] {
  const inside = given.filter(({ confidence }) => confidence >= from && confidence < to);
  if (inside.length === 0) return [];
  const confidence = mean(inside.map((judgement) => judgement.confidence));
  return [
    { from, to: Math.min(to, 1), answers: inside.length, confidence, accuracy: mean(inside.map(truthOf)) },
  ];
}

function truthOf({ verdict }: Judgement): number {
  return verdict === 'wrong' ? 0 : 1;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((total, value) => total + value, 0) / values.length;
}

/** Where a share of so few cases may truly lie: Wilson's 95 % interval. */
export function wilson(share: number, n: number): [number, number] {
  const z = 1.96;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
