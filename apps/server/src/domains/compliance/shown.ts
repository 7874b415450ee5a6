import type { ControlRow, EvidenceRow } from '@wardline/model';
import type { Context } from '../../context.ts';
import { Judgement } from './standing.ts';
import { controlRow, evidenceRows } from './told.ts';

/** Every question of the evidence with its answer now. */
export async function evidenceNow(context: Context): Promise<EvidenceRow[]> {
  return evidenceRows(context.knowledge.controls, await new Judgement(context).standing(undefined));
}

/** How some controls stand now, with every question that speaks of any of them. */
export async function shownFor(
  context: Context,
  refs: readonly string[],
): Promise<{ controls: ControlRow[]; evidence: EvidenceRow[] }> {
  const { controls } = context.knowledge;
  const standing = await new Judgement(context).standing(undefined);
  const placed = refs.flatMap((ref) => controls.controls.get(ref) ?? []);
  const asked = new Set(placed.flatMap(({ ref }) => controls.queriesOf(ref).map(({ query }) => query.id)));
  return {
    controls: placed.flatMap((control) => {
      const judged = standing.judged.get(control.ref);
      return judged === undefined ? [] : [controlRow(controls, control, judged)];
    }),
    evidence: evidenceRows(controls, standing).filter(({ query }) => asked.has(query)),
  };
}
