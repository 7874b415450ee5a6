import { type EnforcementPoint, formatMicros, type PointPreview } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { FORESEEN_MICROS } from '../../limits.ts';
import { currentVersion } from '../segmentation/index.ts';

interface Said {
  kind: EnforcementPoint['kind'];
  reported: number | null;
  listing: string | null;
  back: { listing: string | null } | null;
}

/**
 * What an act at a point would do to the conversations of the last thirty days: held against what the point said that it runs, not
 * against what it should.
 * @throws Refusal where it cannot be foreseen, and says why
 */
export async function foreseeAct(
  context: Context,
  point: string,
  act: PointPreview['act'],
): Promise<PointPreview> {
  const { database } = context;
  const { rows } = await sql<Said>`
    select kind, reported, listing, back from enforcement_point where id = ${point}`.execute(database);
  const [said] = rows;
  if (said === undefined) throw new Refusal('not-found');
  if (said.kind === 'freeradius')
    throw new Refusal(
      'conflict',
      'What decides who gets in runs no lines: it follows the devices by itself.',
    );
  if (said.reported === null)
    throw new Refusal('conflict', 'It has not reported yet: what it runs is not known.');
  const current = await currentVersion(database);
  const to = act === 'apply' ? textOf(current) : backOf(said);
  const now = context.now();
  const question = {
    ask: 'turn' as const,
    kind: said.kind,
    from: said.listing,
    to,
    span: { from: now - FORESEEN_MICROS, to: null },
  };
  const foreseen = await context.policyDesk.ask(question, now);
  const version = act === 'apply' ? (current?.version ?? null) : null;
  return { asOf: formatMicros(now), act, version, ...foreseen };
}

function textOf(current: { text: string } | null): { text: string } {
  if (current !== null) return { text: current.text };
  throw new Refusal('conflict', 'No policy is in force: approve one first.');
}

function backOf({ back }: Said): { listing: string } | null {
  if (back === null)
    throw new Refusal(
      'conflict',
      'It does not say what a way back would bring: go back at its own keyboard.',
    );
  return back.listing === null ? null : { listing: back.listing };
}
