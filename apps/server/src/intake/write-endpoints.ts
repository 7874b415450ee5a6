import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import type { BatchEndpoint } from './merge.ts';

/** Stores endpoints and marks them as waiting for identification; returns their ids by key. */
export async function writeEndpoints(
  transaction: Executor,
  endpoints: readonly BatchEndpoint[],
): Promise<Map<string, number>> {
  const column = <K extends keyof BatchEndpoint>(name: K) => endpoints.map((endpoint) => endpoint[name]);
  const { rows } = await sql<{ id: number; key: string }>`
    insert into endpoint (key, mac, ip, vlan, silent, first_seen, last_seen)
    select * from unnest(${column('key')}::text[], ${column('mac')}::text[], ${column('ip')}::text[],
      ${column('vlan')}::int[], ${column('silent')}::bool[], ${column('firstSeen')}::bigint[],
      ${column('lastSeen')}::bigint[])
    on conflict (site, key) do update set
      silent = endpoint.silent and excluded.silent,
      first_seen = least(endpoint.first_seen, excluded.first_seen),
      last_seen = greatest(endpoint.last_seen, excluded.last_seen),
      revision = endpoint.revision + 1
    returning id, key`.execute(transaction);
  return new Map(rows.map((row) => [row.key, row.id]));
}
