import type { CombinedMatch, MatchedAsset, Verdict } from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Executor } from '../../store/database.ts';

/** The answer of the advisories with a person's verdict over it. */
export interface Answer extends CombinedMatch {
  concluded: CombinedMatch['verdict'];
  decision: number | null;
}

/** What a person's verdict rests on; it falls away where one of these is another. */
export interface Ground {
  vendor: string | null;
  model: string | null;
  /** Null where the verdict holds over versions. */
  software: string | null;
  holdsOverVersions: boolean;
  /** What the advisories concluded when it was given; null where they did not speak of the asset. */
  concluded: Verdict | null;
}

export interface Decision {
  id: number;
  asset_id: string;
  vulnerability: string;
  verdict: Verdict;
  reason: string;
  ground: Ground;
}

/** Why the ground of a decision is no more; null where it stands. */
function fallen(ground: Ground, asset: MatchedAsset | undefined, concluded: Verdict | null): string | null {
  if (asset === undefined) return 'the asset is gone';
  if (asset.vendor !== ground.vendor || asset.model !== ground.model)
    return `the device is now known as ${[asset.vendor, asset.model].filter(Boolean).join(' ') || 'something unknown'}`;
  if (!ground.holdsOverVersions && asset.software !== ground.software)
    return `its software was ${ground.software ?? 'not known'} and is ${asset.software ?? 'not known'}`;
  if (concluded !== ground.concluded)
    return `the advisories concluded ${ground.concluded ?? 'nothing'} and conclude ${concluded ?? 'nothing'} now`;
  return null;
}

/** Lays persons' verdicts over what the advisories conclude; one whose ground fell away ends, and its reason is kept. */
export async function standing(
  transaction: Executor,
  at: number,
  assets: ReadonlyMap<string, MatchedAsset>,
  combined: readonly CombinedMatch[],
  decisions: readonly Decision[],
): Promise<Answer[]> {
  const found = new Map(combined.map((one) => [`${one.asset}\n${one.vulnerability}`, one]));
  const holding = new Map<string, Decision>();
  for (const decision of decisions) {
    const key = `${decision.asset_id}\n${decision.vulnerability}`;
    const why = fallen(decision.ground, assets.get(decision.asset_id), found.get(key)?.verdict ?? null);
    if (why === null) holding.set(key, decision);
    else
      await sql`update vulnerability_decision set fell_at = ${at}, fell_why = ${why} where id = ${decision.id}`.execute(
        transaction,
      );
  }
  return combined.map((one) => {
    const decision = holding.get(`${one.asset}\n${one.vulnerability}`);
    const concluded = one.verdict;
    return { ...one, concluded, verdict: decision?.verdict ?? concluded, decision: decision?.id ?? null };
  });
}
