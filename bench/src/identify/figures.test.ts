import { loadKnowledge } from '@wardline/knowledge';
import type { Asset } from '@wardline/model';
import { describe, expect, test } from 'vitest';
import type { LabelledCase } from './case.ts';
import { calibration, tally, wilson } from './figures.ts';
import { type Judgement, judgeAll, type Verdict } from './judge.ts';

const knowledge = loadKnowledge();

function labelled(label: Partial<LabelledCase['label']>, answers: Record<string, [string | null, number]>) {
  const of = (name: string) => ({ value: answers[name]?.[0] ?? null, confidence: answers[name]?.[1] ?? 0 });
  const asset = { class: of('class'), vendor: of('vendor'), model: of('model') } as unknown as Asset;
  const whole = { class: null, vendor: null, model: null, ...label };
  return { corpus: 'made up', half: 'training' as const, device: 'one', label: whole, asset };
}

const verdictOf = (...args: Parameters<typeof labelled>) =>
  judgeAll([labelled(...args)], knowledge).map((judgement) => judgement.verdict);

function given(verdict: Verdict, confidence: number): Judgement {
  return { ...judgeAll([labelled({ class: 'ct' }, {})], knowledge)[0]!, verdict, confidence };
}

describe('a verdict', () => {
  test('tells a wider answer from a wrong one', () => {
    expect(verdictOf({ class: 'ct' }, { class: ['ct', 0.9] })).toEqual(['right']);
    expect(verdictOf({ class: 'ct' }, { class: ['imaging-modality', 0.9] })).toEqual(['wider']);
    expect(verdictOf({ class: 'imaging-modality' }, { class: ['ct', 0.9] })).toEqual(['wrong']);
    expect(verdictOf({ class: 'ct' }, {})).toEqual(['unknown']);
  });

  test('takes other spellings of a maker and a model for the same', () => {
    expect(verdictOf({ vendor: 'GE HealthCare' }, { vendor: ['GE Medical Systems', 0.9] })).toEqual([
      'right',
    ]);
    expect(verdictOf({ model: 'VVX 400' }, { model: ['VVX400', 0.9] })).toEqual(['right']);
    expect(verdictOf({ model: 'VVX 400' }, { model: ['VVX 500', 0.9] })).toEqual(['wrong']);
  });

  test('is passed on nothing that the label leaves open', () => {
    expect(verdictOf({}, { class: ['ct', 0.9] })).toEqual([]);
  });
});

describe('figures', () => {
  test('count precision among answers and recall among devices', () => {
    const all = (['right', 'wider', 'wrong', 'unknown'] as const).map((verdict) => given(verdict, 0.9));
    expect(tally(all)).toMatchObject({ devices: 4, precision: 2 / 3, recall: 1 / 4 });
    expect(tally([given('unknown', 0)])).toMatchObject({ precision: null, recall: 0 });
  });

  test('are without error where nine of ten answers at 0.9 are true', () => {
    const ten = Array.from({ length: 10 }, (_, n) => given(n === 0 ? 'wrong' : 'right', 0.9));
    const { error, brier, bins } = calibration(ten);
    expect(error).toBeCloseTo(0);
    expect(brier).toBeCloseTo(0.09);
    expect(bins).toHaveLength(1);
  });

  test('leave out what was left unknown, and count an answer of full confidence', () => {
    expect(calibration([given('unknown', 0), given('right', 1)])).toMatchObject({ answers: 1, error: 0 });
  });

  test('say how little a few cases show', () => {
    const [low, high] = wilson(1, 4);
    expect(low).toBeCloseTo(0.51, 2);
    expect(high).toBeCloseTo(1);
  });
});
