import { formatMicros, type SecretWork } from '@wardline/model';
import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { assetsWithin } from '../access/index.ts';

/** Findings that a secret of the device's own puts right. */
const RULES = ['default-credential-accepted', 'default-credential', 'cleartext-credential'];
const SHOWN = 500;

type Row = Omit<SecretWork['items'][number], 'seen'> & { seen: number };

/** Devices whose default or clear-text credentials the sensor saw, and that have had no secret of their own made since; the gravest first. */
export async function secretWork(
  { database, now }: Pick<Context, 'database' | 'now'>,
  scope: FastifyRequest['scope'] = null,
): Promise<SecretWork> {
  const { rows } = await sql<Row>`
    select f.id as finding, f.rule, f.title, f.summary, f.severity, a.id as asset, a.name as "assetName",
      coalesce(nullif(a.criticality, ''), 'unknown') as criticality, f.last_seen as seen
    from finding f join asset a on a.id = f.asset_id and not a.gone
    where ${sql.join([sql`f.closed_at is null`, ...assetsWithin(scope)], sql` and `)} and f.rule = any(${RULES}::text[])
      and not exists (select 1 from device_secret s join device_secret_version v on v.secret = s.id and v.state = 'current' and v.number > 1
        where s.asset_id = a.id and s.removed is null and v.made > f.last_seen)
    order by f.severity_rank desc, a.criticality_rank desc, f.last_seen desc, f.id limit ${SHOWN}`.execute(
    database,
  );
  return {
    asOf: formatMicros(now()),
    items: rows.map(({ seen, ...row }) => ({ ...row, seen: formatMicros(seen) })),
  };
}
