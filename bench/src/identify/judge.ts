import { type Knowledge, plainName } from '@wardline/knowledge';
import { type Judged, judged, type LabelledCase } from './case.ts';

/** `wider`: true, but less close than the label (a clinical server for an image archive). */
export type Verdict = 'right' | 'wider' | 'wrong' | 'unknown';

export interface Judgement {
  case: LabelledCase;
  attribute: Judged;
  expected: string;
  answer: string | null;
  confidence: number;
  verdict: Verdict;
}

/** Holds every answer against its label; what the label leaves open is not judged. */
export function judgeAll(cases: readonly LabelledCase[], knowledge: Knowledge): Judgement[] {
  return cases.flatMap((one) =>
    judged.flatMap((attribute) => {
      const expected = one.label[attribute];
      return expected === null ? [] : [judgeOne(one, attribute, expected, knowledge)];
    }),
  );
}

function judgeOne(one: LabelledCase, attribute: Judged, expected: string, knowledge: Knowledge): Judgement {
  const { value: answer, confidence } = one.asset?.[attribute] ?? { value: null, confidence: 0 };
  const verdict = answer === null ? 'unknown' : compare(attribute, answer, expected, knowledge);
  return { case: one, attribute, expected, answer, confidence, verdict };
}

function compare(attribute: Judged, answer: string, expected: string, knowledge: Knowledge): Verdict {
  if (attribute === 'vendor') return knowledge.vendors.agree(answer, expected) ? 'right' : 'wrong';
  if (attribute === 'model') return sameModel(answer, expected) ? 'right' : 'wrong';
  if (answer === expected) return 'right';
  return knowledge.taxonomy.isKindOf(expected, answer) ? 'wider' : 'wrong';
}

/** `Hue Bridge v2` is the model `Hue Bridge`: spelling and what is added to a name do not count. */
function sameModel(answer: string, expected: string): boolean {
  const [a, b] = [plainName(answer), plainName(expected)].map((name) =>
    name.replaceAll(/[^\p{L}\p{N}]/gu, ''),
  );
  return a !== '' && b !== '' && (a!.includes(b!) || b!.includes(a!));
}
