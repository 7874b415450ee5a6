import type { Score, ScoreLine } from '@wardline/model';
import type { Assessed, Line, Verdict } from './assessed-product.ts';
import { contentLines, keyLines, safeguardLines, supportLines, updateLines } from './score-lines.ts';

const share: Readonly<Record<Verdict, number>> = { good: 1, partly: 0.5, bad: 0, unknown: 0 };

/**
 * Scores a product before it is bought: five parts with fixed weights, each line with its reason, its source and the clause to
 * ask for. What is unknown counts nothing and is told apart from what is bad: `upTo` is what it could come to.
 */
export function scoreOf(assessed: Assessed): Score {
  const parts = [
    part('content', 'What is inside', 20, contentLines(assessed)),
    part('safeguards', 'What it protects by itself', 25, safeguardLines(assessed)),
    part('updates', 'How long and how fast it is kept safe', 25, updateLines(assessed)),
    part('keys', 'Where its keys are', 15, keyLines(assessed)),
    part('support', 'Who helps, and how they get in', 15, supportLines(assessed)),
  ];
  const total = (of: (one: (typeof parts)[number]) => number) =>
    Math.round(
      parts.reduce((sum, one) => sum + (one.most === 0 ? 0 : (one.weight * of(one)) / one.most), 0) * 10,
    ) / 10;
  const open = (one: (typeof parts)[number]) =>
    one.points +
    one.lines.filter(({ verdict }) => verdict === 'unknown').reduce((sum, { most }) => sum + most, 0);
  return { score: total(({ points }) => points), upTo: total(open), parts };
}

function part(id: string, title: string, weight: number, all: readonly Line[]): Score['parts'][number] {
  const lines = all.map(({ most = 1, ...line }) => ({ ...line, most, points: most * share[line.verdict] }));
  const sum = (of: (line: ScoreLine) => number) => lines.reduce((total, line) => total + of(line), 0);
  return { id, title, weight, points: sum(({ points }) => points), most: sum(({ most }) => most), lines };
}
