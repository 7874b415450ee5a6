import {
  type Attribute,
  attributeWords,
  type Evidence,
  formatMicros,
  type timelineEntrySchema,
} from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Executor } from '../../store/database.ts';

type Entry = z.infer<typeof timelineEntrySchema>;
interface Row {
  at: number;
  kind: string;
  title: string;
  /** Of an attribute: what was believed from then on. */
  value: string | null;
  detail: string | null;
  actor: string | null;
  evidence: Evidence | null;
}

/** What persons and the platform did about a device, in words; an act that has none here is told by its name. */
const actWords: Readonly<Record<string, string>> = {
  'enforcement.decide': 'Held or let go at an enforcement point',
  'enrolment.code': 'A code for its certificate was given out',
  'identity.join': 'Joined with another entry',
  'identity.split': 'Split from another entry',
  'inventory.approve': 'An attribute was approved',
  'inventory.withdraw': 'An approval was withdrawn',
  'lifecycle.backup': 'A backup of its settings was entered',
  'lifecycle.backup-lost': 'A backup of its settings is gone',
  'lifecycle.backup-tried': 'A backup of its settings was restored for a try',
  'lifecycle.identify': 'Its device identifier (UDI) was entered',
  'lifecycle.move': 'Its state in its life was changed',
  'recall.decide': 'It was decided whether a recall is about it',
};

/** What happened to an asset, newest first: seen on the wire, believed, found, decided. */
export async function assetTimeline(
  database: Executor,
  id: string,
  labelOf: (kind: string) => string,
): Promise<Entry[]> {
  const { rows } = await sql<Row>`
    select * from (
      select first_seen as at, 'seen' as kind, 'First seen on the network' as title, null::text as value, name as detail,
        null::text as actor, null::jsonb as evidence from asset where id = ${id}
      union all
      select first_seen, 'address', 'New address ' || coalesce(ip, mac, 'unknown'), null,
        concat_ws(', ', mac, 'VLAN ' || vlan), null, null from endpoint where asset_id = ${id}
      union all
      select o.valid_from, 'identified', o.attribute, o.value, o.reason, null, null
        from asset_observation o where o.asset_id = ${id}
      union all
      select opened_at, 'finding', title, null, summary, null, evidence -> 0 from finding where asset_id = ${id}
      union all
      select closed_at, 'finding-closed', 'No longer found: ' || title, null, null, null, null
        from finding where asset_id = ${id} and closed_at is not null
      union all
      select at, 'decision', action, null, reason, actor, null from ledger where subject = 'asset:' || ${id}
    ) as happened order by at desc, kind, title limit 500`.execute(database);
  return rows.map(({ value, ...row }) => ({
    ...row,
    title: titleOf({ ...row, value }, labelOf),
    at: formatMicros(row.at),
  }));
}

function titleOf(
  { kind, title, value }: Pick<Row, 'kind' | 'title' | 'value'>,
  labelOf: (kind: string) => string,
) {
  if (kind === 'decision') return actWords[title] ?? title;
  if (kind !== 'identified') return title;
  const name = attributeWords[title as Attribute] ?? title;
  if (value === null) return `${name} is not known any more`;
  return `${name}: ${title === 'class' ? labelOf(value) : value}`;
}
