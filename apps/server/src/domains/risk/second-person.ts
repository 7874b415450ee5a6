import { Refusal } from '../../http/problems.ts';

/**
 * Whoever says that a control is there does not verify it. `found` is the row that says who added it.
 * @throws Refusal where there is none, or the same person asks
 */
export function mustBeSecond(found: { added_by: string } | undefined, actor: string): void {
  if (found === undefined) throw new Refusal('not-found');
  if (found.added_by === actor)
    throw new Refusal(
      'conflict',
      'Whoever says that a control is there does not verify it; somebody else has to look',
    );
}
