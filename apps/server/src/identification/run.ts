import { type AssetGroup, characterise, resolve } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import { type Asset, type Conversation, endpointKey, type Finding, type Sighting } from '@wardline/model';
import { createContext, type JudgementContext, judgeAsset, judgeNetwork } from '@wardline/posture';
import { sql } from 'kysely';
import { FACTS_KEPT } from '../limits.ts';
import type { Database, Executor } from '../store/database.ts';
import { assetColumns, slimOf } from './asset-columns.ts';
import {
  loadApprovals,
  loadConversations,
  loadDecisions,
  loadEndpoints,
  loadForeignIds,
  loadIdentitySightings,
  loadSightings,
  loadSites,
  loadSlimAssets,
  type Owned,
  type StoredEndpoint,
} from './load.ts';
import { reconcileRegister } from './reconcile.ts';
import { statementsFor } from './statements.ts';
import { stickyIds } from './sticky-ids.ts';
import { type AssetToWrite, writeAssets } from './write-assets.ts';
import { type Judgement, writeFindings } from './write-findings.ts';

/** Assets that are characterised with one question to the database. */
const CHUNK = 100;

export interface RunResult {
  changed: number;
  findings: number;
}

/** Which endpoints of a site are one asset, as the whole of its evidence and persons' decisions say now. */
interface Identity {
  site: number;
  endpoints: StoredEndpoint[];
  groups: AssetGroup[];
  /** Endpoint key → asset id. */
  assetOf: Map<string, string>;
  /** Asset id → ids of its endpoints. */
  endpointsOf: Map<string, number[]>;
}

/**
 * Brings assets, findings and the comparison with the register up to what intake has stored. Only assets with new evidence
 * or new endpoints are characterised again; those and whoever talks to one that turned into something else are judged again.
 */
export async function identifyNow(database: Database, knowledge: Knowledge, now: number): Promise<RunResult> {
  const identities = await resolveSites(database);
  return database.transaction().execute(async (transaction) => {
    const sum = { changed: 0, findings: 0, everyone: [] as Asset[] };
    for (const identity of identities) {
      const { changed, findings, everyone } = await identifySite(transaction, identity, { knowledge, now });
      sum.changed += changed;
      sum.findings += findings;
      for (const asset of everyone) sum.everyone.push(asset);
    }
    await reconcileRegister(transaction, sum.everyone, knowledge);
    return { changed: sum.changed, findings: sum.findings };
  });
}

async function identifySite(
  transaction: Executor,
  identity: Identity,
  { knowledge, now }: { knowledge: Knowledge; now: number },
): Promise<RunResult & { everyone: Asset[] }> {
  const { site } = identity;
  const changed = changedGroups(identity, await livingAssets(transaction, site));
  const slim = new Map((await loadSlimAssets(transaction, site)).map((asset) => [asset.id, asset]));
  const fresh = await characteriseGroups(transaction, changed, { identity, knowledge, now });
  const faces = turned(fresh, slim);
  for (const entry of fresh) slim.set(entry.slim.id, entry.slim);
  const living = new Set(identity.groups.map((group) => group.id));
  const everyone = [...slim.values()].filter((asset) => living.has(asset.id));
  const statementOf = await statementsFor(transaction, everyone, knowledge);
  const context = createContext(everyone, identity.assetOf, knowledge, statementOf);
  await moveEndpoints(transaction, identity);
  await retire(transaction, site, living, now);
  const judgement = await judgeChanged(transaction, { fresh, faces, identity, context, everyone });
  await writeFindings(transaction, judgement, now);
  return { changed: fresh.length, findings: judgement.own.length + judgement.network.length, everyone };
}

/** Each site by itself: the same address at two sites is two devices. */
async function resolveSites(database: Database): Promise<Identity[]> {
  const identities: Identity[] = [];
  for (const site of await loadSites(database)) {
    const given = identities.flatMap(({ groups }) => groups.map(({ id }) => id));
    identities.push(await resolveSite(database, site, given));
  }
  return identities;
}

async function resolveSite(database: Database, site: number, given: readonly string[]): Promise<Identity> {
  const endpoints = await loadEndpoints(database, site);
  const [sightings, decisions, foreign] = await Promise.all([
    loadIdentitySightings(database, site),
    loadDecisions(database, site),
    loadForeignIds(database, site),
  ]);
  const current = new Map(endpoints.map((endpoint) => [endpoint.key, endpoint.assetId]));
  const { groups: resolved } = resolve({ endpoints, sightings, decisions });
  const groups = stickyIds(resolved, current, [...foreign, ...given]);
  const assetOf = new Map(groups.flatMap((g) => g.endpoints.map((e) => [endpointKey(e), g.id] as const)));
  const endpointsOf = new Map<string, number[]>();
  for (const { id, key } of endpoints) {
    const asset = assetOf.get(key);
    if (asset === undefined) continue;
    const known = endpointsOf.get(asset);
    if (known) known.push(id);
    else endpointsOf.set(asset, [id]);
  }
  return { site, endpoints, groups, assetOf, endpointsOf };
}

async function livingAssets(database: Executor, site: number): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from asset where site = ${site} and not gone`.execute(database);
  return new Set(rows.map((row) => row.id));
}

/** Groups with new evidence, with other endpoints than before, or without a row. */
function changedGroups({ endpoints, groups, assetOf }: Identity, living: ReadonlySet<string>): AssetGroup[] {
  const touched = new Set<string>();
  for (const { key, waiting, assetId } of endpoints) {
    const now = assetOf.get(key) ?? null;
    if (!waiting && now === assetId) continue;
    if (now !== null) touched.add(now);
    if (assetId !== null) touched.add(assetId);
  }
  return groups.filter((group) => touched.has(group.id) || !living.has(group.id));
}

/** An asset that was characterised and stored. Its facts are kept for judging only while they are few. */
interface Fresh {
  slim: Asset;
  peers: Set<string>;
  kept: { asset: Asset; facts: AssetFacts } | null;
}

interface AssetFacts {
  sightings: Sighting[];
  conversations: Conversation[];
}

/** Characterises and stores chunk by chunk, so that memory holds one chunk's facts and not the hospital's. */
async function characteriseGroups(
  transaction: Executor,
  groups: readonly AssetGroup[],
  { identity, knowledge, now }: { identity: Identity; knowledge: Knowledge; now: number },
): Promise<Fresh[]> {
  const approvals = await loadApprovals(transaction);
  const fresh: Fresh[] = [];
  let room = FACTS_KEPT;
  for (let at = 0; at < groups.length; at += CHUNK) {
    const chunk = groups.slice(at, at + CHUNK);
    const facts = await loadFacts(
      transaction,
      chunk.map((group) => group.id),
      identity,
    );
    const rows: AssetToWrite[] = [];
    for (const group of chunk) {
      const seen = facts.get(group.id)!;
      const asset = characterise(group, seen, knowledge);
      const approved = approvals.get(asset.id) ?? new Map();
      const peers = peersOf(asset.id, seen.conversations, identity);
      rows.push({
        asset,
        columns: assetColumns(asset, approved, knowledge, seen.conversations),
        peers: peers.size,
      });
      room -= seen.sightings.length + seen.conversations.length;
      fresh.push({ slim: slimOf(asset), peers, kept: room >= 0 ? { asset, facts: seen } : null });
    }
    await writeAssets(transaction, identity.site, rows, now);
  }
  return fresh;
}

type Facts = Map<string, AssetFacts>;

async function loadFacts(database: Executor, assets: readonly string[], identity: Identity): Promise<Facts> {
  const facts: Facts = new Map(assets.map((id) => [id, { sightings: [], conversations: [] }]));
  const wanted = ownedBy(assets, identity);
  const of = (endpoint: Sighting['subject']) => facts.get(identity.assetOf.get(endpointKey(endpoint)) ?? '');
  for (const sighting of await loadSightings(database, wanted))
    of(sighting.subject)?.sightings.push(sighting);
  for (const conversation of await loadConversations(database, wanted)) {
    for (const side of new Set([of(conversation.client), of(conversation.server)]))
      side?.conversations.push(conversation);
  }
  return facts;
}

function ownedBy(assets: readonly string[], { endpointsOf }: Identity): Owned {
  const pairs = assets.flatMap((id, owner) =>
    (endpointsOf.get(id) ?? []).map((endpoint) => ({ endpoint, owner })),
  );
  return { endpoints: pairs.map((pair) => pair.endpoint), owners: pairs.map((pair) => pair.owner) };
}

function peersOf(id: string, conversations: readonly Conversation[], { assetOf }: Identity): Set<string> {
  const others = new Set<string>();
  for (const { client, server } of conversations) {
    for (const endpoint of [client, server]) {
      const other = assetOf.get(endpointKey(endpoint));
      if (other !== undefined && other !== id) others.add(other);
    }
  }
  return others;
}

/** Assets whose name, class or weight changed: findings of those who talk to them speak of it. */
function turned(fresh: readonly Fresh[], before: ReadonlyMap<string, Asset>): Set<string> {
  const face = (asset: Asset | undefined) =>
    asset && `${asset.name}\n${asset.class.value}\n${asset.criticality.value}`;
  return new Set(
    fresh.filter(({ slim }) => face(slim) !== face(before.get(slim.id))).map(({ slim }) => slim.id),
  );
}

interface Judging {
  fresh: readonly Fresh[];
  faces: ReadonlySet<string>;
  identity: Identity;
  context: JudgementContext;
  everyone: readonly Asset[];
}

async function judgeChanged(database: Executor, judging: Judging): Promise<Judgement> {
  const { fresh, context, everyone } = judging;
  const own: Finding[] = [];
  for (const { kept } of fresh) if (kept) own.push(...judgeAsset(kept.asset, kept.facts, context));
  const again = [...fresh.filter(({ kept }) => !kept).map(({ slim }) => slim.id), ...peersOfTurned(judging)];
  for (let at = 0; at < again.length; at += CHUNK) {
    const chunk = again.slice(at, at + CHUNK);
    const facts = await loadFacts(database, chunk, judging.identity);
    for (const asset of await loadDocuments(database, chunk))
      own.push(...judgeAsset(asset, facts.get(asset.id)!, context));
  }
  const judged = [...new Set([...fresh.map(({ slim }) => slim.id), ...again])];
  return { site: judging.identity.site, judged, own, network: judgeNetwork(everyone, context) };
}

function peersOfTurned({ fresh, faces }: Judging): string[] {
  const known = new Set(fresh.map(({ slim }) => slim.id));
  const turnedOnes = fresh.filter(({ slim }) => faces.has(slim.id));
  const peers = new Set(turnedOnes.flatMap((entry) => [...entry.peers].filter((id) => !known.has(id))));
  return [...peers].sort();
}

async function loadDocuments(database: Executor, ids: readonly string[]): Promise<Asset[]> {
  const { rows } = await sql<{ document: Asset }>`
    select document from asset where id = any(${ids}::text[])`.execute(database);
  return rows.map((row) => row.document);
}

/** Endpoints learn whose they are; what came in meanwhile stays waiting. */
async function moveEndpoints(transaction: Executor, { endpoints, assetOf }: Identity): Promise<void> {
  const moved = endpoints.filter((e) => e.waiting || (assetOf.get(e.key) ?? null) !== e.assetId);
  for (let at = 0; at < moved.length; at += 10_000) {
    const chunk = moved.slice(at, at + 10_000);
    await sql`
      update endpoint e set asset_id = m.asset_id, seen_revision = m.revision
      from unnest(${chunk.map((e) => e.id)}::bigint[], ${chunk.map((e) => assetOf.get(e.key) ?? null)}::text[],
        ${chunk.map((e) => e.revision)}::int[]) as m (id, asset_id, revision) where e.id = m.id`.execute(
      transaction,
    );
  }
}

/** An asset that was merged into another leaves the lists; its row, history and findings stay. */
async function retire(
  transaction: Executor,
  site: number,
  living: ReadonlySet<string>,
  now: number,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    update asset set gone = true where site = ${site} and not gone and not (id = any(${[...living]}::text[])) returning id`.execute(
    transaction,
  );
  if (rows.length === 0) return;
  const gone = rows.map((row) => row.id);
  await sql`update finding set closed_at = ${now} where closed_at is null and asset_id = any(${gone}::text[])`.execute(
    transaction,
  );
  await sql`update asset_observation set valid_to = ${now} where valid_to is null
    and asset_id = any(${gone}::text[])`.execute(transaction);
}
