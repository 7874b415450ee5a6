import { type Asset, attributes } from '@wardline/model';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { type AssetColumns, conclusionOf, slimOf } from './asset-columns.ts';

export interface AssetToWrite {
  asset: Asset;
  columns: AssetColumns;
  peers: number;
}

/** PostgreSQL's jsonb holds no U+0000 and no half surrogate pair; evidence is clean already, names made of it might not be. */
const json = (value: unknown) =>
  JSON.stringify(value).replaceAll(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd');

/** Stores assets as they are believed to be now, and the history of each conclusion that changed. */
export async function writeAssets(
  transaction: Executor,
  site: number,
  list: readonly AssetToWrite[],
  now: number,
): Promise<void> {
  for (let at = 0; at < list.length; at += 200) {
    const chunk = list.slice(at, at + 200);
    await writeRows(transaction, site, chunk);
    await writeHistory(
      transaction,
      chunk.map((entry) => entry.asset),
      now,
    );
  }
}

async function writeRows(transaction: Executor, site: number, chunk: readonly AssetToWrite[]): Promise<void> {
  const rows = chunk.map(({ asset, columns, peers }) => ({
    ...columns,
    peers,
    document: asset,
    slim: slimOf(asset),
  }));
  await sql`
    insert into asset (id, site, document, slim, name, vendor, model, serial, software, os, class, class_label, grp, criticality,
      criticality_rank, data_sensitivity, confidence, conflicting, macs, ips, hostnames, vlans, applications,
      protections, location, services, peers, first_seen, last_seen, search)
    select id, ${site}::int, document, slim, name, vendor, model, serial, software, os, class, class_label, grp, criticality,
      criticality_rank, data_sensitivity, confidence, conflicting, macs, ips, hostnames, vlans, applications,
      protections, location, services, peers, first_seen, last_seen, search
    from jsonb_populate_recordset(null::asset, ${json(rows)}::jsonb)
    on conflict (id) do update set gone = false,
      (document, slim, name, vendor, model, serial, software, os, class, class_label, grp, criticality, criticality_rank,
        data_sensitivity, confidence, conflicting, macs, ips, hostnames, vlans, applications, protections, location,
        services, peers, first_seen, last_seen, search) =
      (excluded.document, excluded.slim, excluded.name, excluded.vendor, excluded.model, excluded.serial,
        excluded.software, excluded.os, excluded.class, excluded.class_label, excluded.grp, excluded.criticality,
        excluded.criticality_rank, excluded.data_sensitivity, excluded.confidence, excluded.conflicting, excluded.macs,
        excluded.ips, excluded.hostnames, excluded.vlans, excluded.applications, excluded.protections,
        excluded.location, excluded.services, excluded.peers, excluded.first_seen, excluded.last_seen,
        excluded.search)`.execute(transaction);
}

/** What was believed, from when to when: a row per value, closed when the next one comes. */
async function writeHistory(transaction: Executor, assets: readonly Asset[], now: number): Promise<void> {
  const rows = assets.flatMap((asset) =>
    attributes.flatMap((attribute) => {
      const conclusion = conclusionOf(asset, attribute);
      if (conclusion === null) return [];
      const { value, confidence, reason } = conclusion;
      return [{ asset_id: asset.id, attribute, value, confidence, reason }];
    }),
  );
  const said = sql`jsonb_to_recordset(${json(rows)}::jsonb)
    as n (asset_id text, attribute text, value text, confidence float8, reason text)`;
  await sql`
    update asset_observation o set valid_to = ${now} from ${said}
    where o.asset_id = n.asset_id and o.attribute = n.attribute and o.valid_to is null
      and o.value is distinct from n.value`.execute(transaction);
  await sql`
    insert into asset_observation (asset_id, attribute, value, confidence, reason, valid_from)
    select n.asset_id, n.attribute, n.value, n.confidence, n.reason, ${now} from ${said}
    where not exists (select from asset_observation o where o.asset_id = n.asset_id
      and o.attribute = n.attribute and o.valid_to is null)
    and (n.value is not null or exists (select from asset_observation o where o.asset_id = n.asset_id
      and o.attribute = n.attribute))`.execute(transaction);
}
