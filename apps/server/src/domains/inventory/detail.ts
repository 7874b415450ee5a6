import { type Asset, type AssetAsOf, type AssetDetail, attributes, formatMicros } from '@wardline/model';
import { sql } from 'kysely';
import { Refusal } from '../../http/problems.ts';
import type { Executor } from '../../store/database.ts';
import { assetRow, assetRowColumns, type StoredAssetRow } from './plan.ts';

type StoredAsset = StoredAssetRow & { document: Asset; register_entry: Record<string, unknown> | null };

export async function loadAsset(database: Executor, id: string): Promise<StoredAsset> {
  const { rows } = await sql<StoredAsset>`
    select ${assetRowColumns}, a.document, a.register_entry from asset a where a.id = ${id} and not a.gone`.execute(
    database,
  );
  if (!rows[0]) throw new Refusal('not-found', `There is no asset ${id}`);
  return rows[0];
}

/** Everything that one asset's page shows. */
export async function assetDetail(database: Executor, id: string): Promise<AssetDetail> {
  const stored = await loadAsset(database, id);
  const { document } = stored;
  const observed = attributes.filter((name) => name !== 'hostname').map((name) => [name, document[name]]);
  const [approved, endpoints, phi, decisions] = await Promise.all([
    loadApproved(database, id),
    loadEndpointTimes(database, id),
    loadPhi(database, id),
    loadDecisionsOf(database, id),
  ]);
  return {
    asset: assetRow(stored),
    observed: Object.fromEntries(observed),
    approved,
    claims: document.claims.map(timed),
    joins: document.joins,
    endpoints,
    services: document.services.map(timedService),
    scannedSoftware: (document.scannedSoftware ?? []).map(dated),
    phi,
    register: stored.register_entry && asTexts(stored.register_entry),
    decisions,
  } as AssetDetail;
}

/** What was believed of an asset's attributes, and approved, at a moment of the past: the two planes as they stood then. */
export async function assetAsOf(database: Executor, id: string, at: number): Promise<AssetAsOf> {
  const known = await sql<{ id: string }>`select id from asset where id = ${id}`.execute(database);
  if (known.rows.length === 0) throw new Refusal('not-found', `There is no asset ${id}`);
  const observed = await sql<Omit<AssetAsOf['observed'][number], 'since'> & { since: number }>`
    select attribute, value, confidence, reason, valid_from as since from asset_observation
    where asset_id = ${id} and valid_from <= ${at} and (valid_to is null or valid_to > ${at})
    order by attribute`.execute(database);
  const approved = await sql<AssetDetail['approved'][number] & { at: number }>`
    select attribute, value, actor, reason, at from approval
    where asset_id = ${id} and at <= ${at} and (withdrawn_at is null or withdrawn_at > ${at})
    order by attribute`.execute(database);
  return {
    asset: id,
    asOf: formatMicros(at),
    observed: observed.rows.map((row) => ({ ...row, since: formatMicros(row.since) })),
    approved: approved.rows.map((row) => ({ ...row, at: formatMicros(row.at) })),
  };
}

function timed<T extends { firstSeen: number; lastSeen: number }>(item: T) {
  return { ...item, firstSeen: formatMicros(item.firstSeen), lastSeen: formatMicros(item.lastSeen) };
}

function timedService({ scan, ...service }: Asset['services'][number]) {
  return { ...timed(service), ...(scan === undefined ? {} : { scan: dated(scan) }) };
}

function dated<T extends { lastSeen: number }>(item: T) {
  return { ...item, lastSeen: formatMicros(item.lastSeen) };
}

function asTexts(entry: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(entry).flatMap(([key, value]) => {
    const text = Array.isArray(value)
      ? value.join('; ')
      : typeof value === 'string' || typeof value === 'number'
        ? String(value)
        : '';
    return text === '' ? [] : [[key, text]];
  });
  return Object.fromEntries(texts) as Record<string, string>;
}

async function loadApproved(database: Executor, id: string): Promise<AssetDetail['approved']> {
  const { rows } = await sql<AssetDetail['approved'][number] & { at: number }>`
    select attribute, value, actor, reason, at from approval
    where asset_id = ${id} and withdrawn_at is null order by attribute`.execute(database);
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}

async function loadEndpointTimes(database: Executor, id: string): Promise<AssetDetail['endpoints']> {
  const { rows } = await sql<{ mac: string; ip: string; vlan: number; firstSeen: number; lastSeen: number }>`
    select mac, ip, vlan, first_seen as "firstSeen", last_seen as "lastSeen" from endpoint
    where asset_id = ${id} order by last_seen desc, key limit 500`.execute(database);
  return rows.map(timed);
}

/** Fields with patient data that the asset sent in clear: by name, count and how many values, never a value. */
async function loadPhi(database: Executor, id: string): Promise<AssetDetail['phi']> {
  const { rows } = await sql<AssetDetail['phi'][number]>`
    select s.facts ->> 'protocol' as protocol, s.facts ->> 'field' as field, sum(s.count)::bigint as count,
      max(cardinality(s.marks)) as distinct, p.asset_id as peer, b.name as "peerName",
      (array_agg(jsonb_build_object('capture', s.capture, 'packet', s.packet) order by s.first_seen))[1] as evidence
    from endpoint e join sighting s on s.endpoint_id = e.id
    left join endpoint p on p.id = s.peer_id left join asset b on b.id = p.asset_id
    where e.asset_id = ${id} and s.kind = 'phi.cleartext'
    group by 1, 2, p.asset_id, b.name order by 1, 2, p.asset_id limit 500`.execute(database);
  return rows;
}

async function loadDecisionsOf(database: Executor, id: string): Promise<AssetDetail['decisions']> {
  const { rows } = await sql<DecisionRow>`
    select ${decisionColumns} from identity_decision d
    where d.left_keys || d.right_keys && (select coalesce(array_agg(key), '{}') from endpoint where asset_id = ${id})
    order by d.at desc limit 200`.execute(database);
  return rows.map(decisionRow);
}

export const decisionColumns = sql.raw(
  `d.id, d.kind, d.left_keys as left, d.right_keys as right, d.reason, d.actor, d.at, d.undone_at`,
);
export type DecisionRow = Omit<AssetDetail['decisions'][number], 'at' | 'undoneAt'> & {
  at: number;
  undone_at: number | null;
};

export function decisionRow({ undone_at, ...row }: DecisionRow): AssetDetail['decisions'][number] {
  return { ...row, at: formatMicros(row.at), undoneAt: undone_at === null ? null : formatMicros(undone_at) };
}
