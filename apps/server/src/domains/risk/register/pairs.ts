import type { FindingSource, RiskSource, WeaknessSource } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';
import type { ScoredAsset } from './facts.ts';
import { riskId } from './key.ts';

/** An asset and what is wrong with it. */
export interface PairKey {
  asset: string;
  kind: RiskSource['kind'];
  /** The weakness, or the finding's id. */
  source: string;
}

/** A pair as it stands now, ready to be scored. */
export interface Pair extends PairKey {
  risk: string;
  /** What the risk is about: the weakness, or the finding's rule. */
  about: string;
  title: string;
  product: string;
  of: RiskSource;
  presence: 'affected' | 'unknown';
}

export const pairText = ({ asset, kind, source }: PairKey): string => `${asset}\n${kind}\n${source}`;

/** Which of the given pairs still are, with all that they are scored by. */
export async function readPairs(
  database: Executor,
  keys: readonly PairKey[],
  assets: ReadonlyMap<string, ScoredAsset>,
  weaknesses: ReadonlyMap<string, WeaknessSource & { title: string }>,
): Promise<Pair[]> {
  const wanted = (kind: RiskSource['kind']) =>
    keys.filter((key) => key.kind === kind && assets.has(key.asset));
  return [
    ...(await readMatches(database, wanted('weakness'), assets, weaknesses)),
    ...(await readFindings(database, wanted('finding'), assets)),
  ];
}

async function readMatches(
  database: Executor,
  keys: readonly PairKey[],
  assets: ReadonlyMap<string, ScoredAsset>,
  weaknesses: ReadonlyMap<string, WeaknessSource & { title: string }>,
): Promise<Pair[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<{ asset: string; source: string; presence: Pair['presence'] }>`
    select m.asset_id as asset, m.vulnerability as source, m.verdict as presence
    from vulnerability_match m join unnest(${keys.map(({ asset }) => asset)}::text[], ${keys.map(({ source }) => source)}::text[])
      as k (asset, source) on m.asset_id = k.asset and m.vulnerability = k.source
    where m.verdict <> 'not-affected'`.execute(database);
  return rows.flatMap(({ asset, source, presence }) => {
    const weakness = weaknesses.get(source);
    if (weakness === undefined) return [];
    const { title, ...of } = weakness;
    const { product } = assets.get(asset)!;
    const risk = riskId('weakness', source, product);
    return [{ asset, kind: 'weakness' as const, source, risk, about: source, title, product, of, presence }];
  });
}

async function readFindings(
  database: Executor,
  keys: readonly PairKey[],
  assets: ReadonlyMap<string, ScoredAsset>,
): Promise<Pair[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<Omit<FindingSource, 'kind'> & { asset: string }>`
    select id, asset_id as asset, rule, title, severity, harms from finding
    where closed_at is null and id = any(${keys.map(({ source }) => source)}::text[])`.execute(database);
  return rows.map(({ asset, ...finding }) => {
    const { product } = assets.get(asset)!;
    const { id: source, rule, title } = finding;
    const risk = riskId('finding', rule, product);
    const of = { kind: 'finding' as const, ...finding };
    return {
      asset,
      kind: 'finding' as const,
      source,
      risk,
      about: rule,
      title,
      product,
      of,
      presence: 'affected' as const,
    };
  });
}
