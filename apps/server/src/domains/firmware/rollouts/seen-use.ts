import type { Knowledge } from '@wardline/knowledge';
import type { Use } from '@wardline/updates';
import { sql } from 'kysely';
import { USE_SEEN_MICROS } from '../../../limits.ts';
import type { Executor } from '../../../store/database.ts';

/**
 * What the last minutes of its traffic say of a device. A clinical conversation: in use. Only others: idle. Nothing at all, as when
 * no sensor hears it: unknown.
 */
export async function seenUse(
  database: Executor,
  knowledge: Knowledge,
  asset: string,
  now: number,
): Promise<Use> {
  const clinical = [...knowledge.protocols.values()]
    .filter(({ clinical: care }) => care)
    .map(({ name }) => name);
  const { rows } = await sql<{ seen: number; clinical: number }>`
    with own as (select id from endpoint where asset_id = ${asset}),
      talk as (select application from conversation where client_id in (select id from own) and last_seen > ${now - USE_SEEN_MICROS}
        union all
        select application from conversation where server_id in (select id from own) and last_seen > ${now - USE_SEEN_MICROS})
    select count(*)::int as seen, (count(*) filter (where application = any(${clinical})))::int as clinical from talk`.execute(
    database,
  );
  const { seen, clinical: care } = rows[0]!;
  return care > 0 ? 'in-use' : seen > 0 ? 'idle' : 'unknown';
}
