import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { numberArray, textArray } from './arrays.ts';
import type { BatchEndpoint } from './merge.ts';

/** Stores endpoints and marks them as waiting for identification; returns their ids in the order given. */
export async function writeEndpoints(
  transaction: Executor,
  site: number,
  endpoints: readonly BatchEndpoint[],
): Promise<number[]> {
  const { rows } = await sql<{ id: number; key: string }>`
    insert into endpoint (site, key, mac, ip, vlan, silent, first_seen, last_seen)
    select ${site}::int, e.* from unnest(${textArray(endpoints, (e) => e.key)}::text[], ${textArray(endpoints, (e) => e.mac)}::text[],
      ${textArray(endpoints, (e) => e.ip)}::text[], ${numberArray(endpoints, (e) => e.vlan)}::int[],
      ${textArray(endpoints, (e) => (e.silent ? 't' : 'f'))}::bool[],
      ${numberArray(endpoints, (e) => e.firstSeen)}::bigint[], ${numberArray(endpoints, (e) => e.lastSeen)}::bigint[]) as e
    on conflict (site, key) do update set
      silent = endpoint.silent and excluded.silent,
      first_seen = least(endpoint.first_seen, excluded.first_seen),
      last_seen = greatest(endpoint.last_seen, excluded.last_seen),
      revision = endpoint.revision + 1
    returning id, key`.execute(transaction);
  const ids = new Map(rows.map((row) => [row.key, row.id]));
  return endpoints.map((endpoint) => ids.get(endpoint.key)!);
}
