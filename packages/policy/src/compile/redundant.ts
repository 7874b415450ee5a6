import type { Ruleset } from '../ruleset.ts';
import { boxesOfRuleset } from '../ruleset.ts';
import type { Family } from '../space/addresses.ts';
import { Diagrams, NONE } from '../space/diagrams.ts';

/**
 * Permitting lines of a list without which the same packets pass, all at once: what is left holds everything that they hold.
 * Later lines go first, so that what was declared first stays.
 */
export function redundantPermits(ruleset: Ruleset, family: Family): ReadonlySet<number> {
  const diagrams = new Diagrams(family, boxesOfRuleset(ruleset, family));
  const permits = ruleset.lines.filter((line) => line.family === family && line.action === 'permit');
  const sets = permits.map(({ boxes }) => diagrams.union(boxes.map((box) => diagrams.ofBox(box))));
  const before: number[] = [NONE];
  for (const [index, set] of sets.entries()) before.push(diagrams.union([before[index]!, set]));
  const redundant = new Set<number>();
  let kept: number = NONE;
  for (let index = permits.length - 1; index >= 0; index -= 1) {
    const others = diagrams.union([before[index]!, kept]);
    if (diagrams.subtract(sets[index]!, others) === NONE) redundant.add(permits[index]!.line);
    else kept = diagrams.union([kept, sets[index]!]);
  }
  return redundant;
}
