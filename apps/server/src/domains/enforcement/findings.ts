import type { Drift } from '@wardline/model';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';
import { closeFinding, holdFinding } from '../findings/index.ts';

/** Graver where somebody's life hangs on the device. */
const RULES = { grave: 'policy-drift-life-critical', other: 'policy-drift' } as const;
const rules = Object.values(RULES);

interface Point {
  name: string;
  drift: Drift[];
}

/**
 * Keeps a finding open on each device that a drift concerns, as the points say it now. It closes only when no point's drift concerns
 * the device any more: a point that falls silent leaves what it said last.
 */
export async function keepDriftFindings(
  transaction: Executor,
  knowledge: Context['knowledge'],
  at: number,
): Promise<void> {
  const { rows: points } = await sql<Point>`
    select name, drift from enforcement_point order by name`.execute(transaction);
  const wanted = wantedBy(points);
  const { rows: open } = await sql<{ rule: string; asset: string }>`
    select rule, asset_id as asset from finding where rule = any(${[...rules]}::text[]) and closed_at is null`.execute(
    transaction,
  );
  for (const { rule, asset } of open)
    if (wanted.get(asset)?.rule !== rule) await closeFinding(transaction, { rule, asset, at });
  for (const [asset, { rule, sentences }] of wanted)
    await holdFinding(
      transaction,
      knowledge,
      { rule, asset, at },
      [...new Set(sentences)].join(' ').slice(0, 1000),
    );
}

function wantedBy(points: readonly Point[]): Map<string, { rule: string; sentences: string[] }> {
  const wanted = new Map<string, { rule: string; sentences: string[] }>();
  for (const { name, drift } of points)
    for (const { message, assets } of drift)
      for (const { id, criticality } of assets) {
        const rule = criticality === 'life-critical' ? RULES.grave : RULES.other;
        const known = wanted.get(id) ?? { rule, sentences: [] };
        known.sentences.push(`At the enforcement point ${name}: ${message}`);
        wanted.set(id, known);
      }
  return wanted;
}
