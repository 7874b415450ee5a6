import type { Advisory } from '@wardline/formats';
import type { VendorNames } from '@wardline/knowledge';
import {
  assetKeys,
  Candidates,
  type Match,
  type MatchedAsset,
  matchAdvisory,
} from '@wardline/vulnerabilities';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import type { Executor } from '../../store/database.ts';
import { matchSboms, sbomsAreDue } from './sboms/index.ts';
import { type Pair, pairKey, settle } from './settle.ts';

/** Advisories and assets that are taken in one transaction. */
const STEP = 200;

/**
 * Brings the matches up to date with what changed since the last run: new or changed advisories with the assets that they can
 * concern, changed assets with the advisories that can concern them. Resolves to the number of answers that changed.
 */
export async function matchAll(context: Context): Promise<number> {
  const assets = await loadAssets(context.database);
  const changed = await changedAssets(context.database, assets);
  let count = 0;
  for (let start = 0; start < changed.length; start += STEP)
    count += await matchAssets(context, assets, changed.slice(start, start + STEP));
  const index = new Candidates<MatchedAsset>();
  const { vendors } = context.knowledge;
  for (const asset of assets.values()) index.add(assetKeys(vendors, asset), asset);
  for (;;) {
    const advisories = await unmatched(context.database);
    if (advisories.length === 0) break;
    count += await matchAdvisories(context, assets, index, advisories);
  }
  return count + (await matchSboms(context, assets));
}

type Assets = ReadonlyMap<string, MatchedAsset>;

async function loadAssets(database: Executor): Promise<Assets> {
  const { rows } = await sql<MatchedAsset>`
    select id, nullif(vendor, '') as vendor, nullif(document -> 'family' ->> 'value', '') as family,
      nullif(model, '') as model, nullif(serial, '') as serial, nullif(software, '') as software
    from asset where not gone`.execute(database);
  return new Map(rows.map((asset) => [asset.id, asset]));
}

/** Assets of which something else is known than when they were last matched; one that is gone is among them. */
async function changedAssets(database: Executor, assets: Assets): Promise<string[]> {
  const { rows } = await sql<{ asset_id: string; known: MatchedAsset }>`
    select asset_id, known from matched_asset`.execute(database);
  const before = new Map(rows.map((row) => [row.asset_id, textOf(row.known)]));
  const changed = [...assets.values()].filter((asset) => before.get(asset.id) !== textOf(asset));
  const gone = [...before.keys()].filter((id) => !assets.has(id));
  return [...changed.map(({ id }) => id), ...gone];
}

const textOf = ({ vendor, family, model, serial, software }: MatchedAsset): string =>
  JSON.stringify([vendor, family, model, serial, software]);

async function unmatched(database: Executor): Promise<Advisory[]> {
  const { rows } = await sql<{ document: Advisory }>`
    select document from advisory where matched_at is null order by id limit ${STEP}`.execute(database);
  return rows.map(({ document }) => document);
}

async function matchAssets(context: Context, assets: Assets, ids: readonly string[]): Promise<number> {
  const { vendors } = context.knowledge;
  const present = ids.flatMap((id) => assets.get(id) ?? []);
  const keys = new Map(present.map((asset) => [asset, assetKeys(vendors, asset)]));
  const all = [...new Set([...keys.values()].flatMap((some) => [...some]))];
  const { rows } = await sql<{ document: Advisory; keys: string[] }>`
    select document, keys from advisory where keys && ${all}::text[]`.execute(context.database);
  const matches = rows.flatMap(({ document, keys: named }) =>
    present
      .filter((asset) => named.some((key) => keys.get(asset)!.has(key)))
      .flatMap((asset) => matchAdvisory(vendors, asset, document)),
  );
  return await context.database.transaction().execute(async (transaction) => {
    const touched = await replace(
      transaction,
      sql`asset_id = any(${[...ids]}::text[]) and sbom = ''`,
      matches,
    );
    await sql`delete from matched_asset where asset_id = any(${[...ids]}::text[])`.execute(transaction);
    await sql`insert into matched_asset (asset_id, known)
      select e ->> 'id', e from jsonb_array_elements(${JSON.stringify(present)}::jsonb) as e`.execute(
      transaction,
    );
    return await settle(transaction, context.now(), assets, touched);
  });
}

async function matchAdvisories(
  context: Context,
  assets: Assets,
  index: Candidates<MatchedAsset>,
  advisories: readonly Advisory[],
): Promise<number> {
  const ids = advisories.map(({ id }) => id);
  const matches = await matchesOf(context, index, advisories);
  return await context.database.transaction().execute(async (transaction) => {
    const touched = await replace(transaction, sql`advisory = any(${ids}::text[]) and sbom = ''`, matches);
    await sbomsAreDue(transaction, ids);
    await sql`update advisory set matched_at = ${context.now()} where id = any(${ids}::text[])`.execute(
      transaction,
    );
    return await settle(transaction, context.now(), assets, touched);
  });
}

async function matchesOf(
  context: Context,
  index: Candidates<MatchedAsset>,
  advisories: readonly Advisory[],
): Promise<Match[]> {
  const { vendors } = context.knowledge;
  const { rows } = await sql<{ id: string; keys: string[] }>`
    select id, keys from advisory where id = any(${advisories.map(({ id }) => id)}::text[])`.execute(
    context.database,
  );
  const keys = new Map(rows.map((row) => [row.id, row.keys]));
  return advisories.flatMap((advisory) =>
    matchesWith(vendors, index.find(keys.get(advisory.id) ?? []), advisory),
  );
}

const matchesWith = (vendors: VendorNames, assets: Iterable<MatchedAsset>, advisory: Advisory): Match[] =>
  [...assets].flatMap((asset) => matchAdvisory(vendors, asset, advisory));

/** Puts the new matches in the place of those that meet the condition; resolves to all pairs that either has. */
async function replace(
  transaction: Executor,
  condition: ReturnType<typeof sql>,
  matches: readonly Match[],
): Promise<Pair[]> {
  const { rows } = await sql<Pair>`
    delete from advisory_match where ${condition} returning asset_id, vulnerability`.execute(transaction);
  await sql`insert into advisory_match (asset_id, vulnerability, advisory, match)
    select e ->> 'asset', e ->> 'vulnerability', e ->> 'advisory', e
    from jsonb_array_elements(${JSON.stringify(matches)}::jsonb) as e`.execute(transaction);
  const pairs = [
    ...rows,
    ...matches.map((match) => ({ asset_id: match.asset, vulnerability: match.vulnerability })),
  ];
  return [...new Map(pairs.map((pair) => [pairKey(pair), pair])).values()];
}
