import { type Evidence, formatMicros, type timelineEntrySchema } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Executor } from '../../store/database.ts';

type Entry = z.infer<typeof timelineEntrySchema>;
interface Row {
  at: number;
  kind: string;
  title: string;
  detail: string | null;
  actor: string | null;
  evidence: Evidence | null;
}

/** What happened to an asset, newest first: seen on the wire, believed, found, decided. */
export async function assetTimeline(database: Executor, id: string): Promise<Entry[]> {
  const { rows } = await sql<Row>`
    select * from (
      select first_seen as at, 'seen' as kind, 'First seen on the network' as title, name as detail,
        null::text as actor, null::jsonb as evidence from asset where id = ${id}
      union all
      select first_seen, 'address', 'New address ' || coalesce(ip, mac, 'unknown'),
        concat_ws(', ', mac, 'VLAN ' || vlan), null, null from endpoint where asset_id = ${id}
      union all
      select o.valid_from, 'identified',
        initcap(o.attribute) || case when o.value is null then ' is not known any more' else ': ' || o.value end,
        o.reason, null, null from asset_observation o where o.asset_id = ${id}
      union all
      select opened_at, 'finding', title, summary, null, evidence -> 0 from finding where asset_id = ${id}
      union all
      select closed_at, 'finding-closed', 'No longer found: ' || title, null, null, null
        from finding where asset_id = ${id} and closed_at is not null
      union all
      select at, 'decision', action, reason, actor, null from ledger where subject = 'asset:' || ${id}
    ) as happened order by at desc, kind, title limit 500`.execute(database);
  return rows.map((row) => ({ ...row, at: formatMicros(row.at) }));
}
