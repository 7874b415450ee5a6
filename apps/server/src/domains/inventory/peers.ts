import { formatMicros, type peerSchema } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Executor } from '../../store/database.ts';

type Peer = z.infer<typeof peerSchema>;

/** Whom an asset talks to, the most bytes first; each peer once per direction. */
export async function assetPeers(database: Executor, id: string): Promise<Peer[]> {
  const { rows } = await sql<Omit<Peer, 'lastSeen'> & { lastSeen: number }>`
    with own as (select id from endpoint where asset_id = ${id}),
    talk as (
      select c.*, c.server_id as other, 'client' as direction from conversation c where c.client_id in (select id from own)
      union all
      select c.*, c.client_id as other, 'server' as direction from conversation c where c.server_id in (select id from own)
    )
    select p.id as asset, p.name, nullif(p.class, '') as class, nullif(p.class_label, '') as "classLabel", p.criticality,
      t.direction, coalesce(array_agg(distinct t.application) filter (where t.application <> ''), '{}') as applications,
      array_agg(distinct t.protection) as protections, count(*) as conversations,
      sum(t.bytes_from_client + t.bytes_from_server) as bytes, sum(t.packets_from_client + t.packets_from_server) as packets,
      max(t.last_seen) as "lastSeen"
    from talk t join endpoint e on e.id = t.other join asset p on p.id = e.asset_id
    where p.id <> ${id} group by p.id, t.direction order by bytes desc, p.id, t.direction limit 1000`.execute(
    database,
  );
  return rows.map((row) => ({ ...row, lastSeen: formatMicros(row.lastSeen) }));
}
