import type { AuditedAct } from '@wardline/formats';
import { type RawBuilder, sql } from 'kysely';
import { whereAll } from '../../http/list.ts';
import type { Executor } from '../../store/database.ts';

/** Rows that are read at once. */
const CHUNK = 500;

export interface ActRange {
  /** Acts behind this one. */
  after: number;
  upTo: number;
  /** Names and reasons can be erased here; what leaves with them cannot be called back. */
  personal: boolean;
  /** Further conditions on `ledger l`. */
  where?: readonly RawBuilder<unknown>[];
}

/** Acts in their order as foreign audit trails take them, chunk by chunk. */
export async function* auditedActs(database: Executor, range: ActRange): AsyncGenerator<AuditedAct[]> {
  for (let after = range.after; ; ) {
    const acts = await chunk(database, { ...range, after });
    if (acts.length === 0) return;
    yield acts;
    after = acts.at(-1)!.sequence;
  }
}

async function chunk(
  database: Executor,
  { after, upTo, personal, where = [] }: ActRange,
): Promise<AuditedAct[]> {
  const texts = personal
    ? sql`p.name as "actorName", r.value as reason`
    : sql`null as "actorName", null as reason`;
  const conditions = [sql`l.sequence > ${after}`, sql`l.sequence <= ${upTo}`, ...where];
  const { rows } = await sql<AuditedAct>`
    select l.sequence, l.at, l.actor, l.action, l.subject, l.changes, encode(n.hash, 'hex') as leaf, ${texts}
    from ledger l join ledger_node n on n.level = 0 and n.index = l.sequence - 1
    left join ledger_personal r on r.sequence = l.sequence and r.name = 'reason'
    left join person p on l.actor = 'person:' || p.id::text
    ${whereAll(conditions)} order by l.sequence limit ${CHUNK}`.execute(database);
  return rows;
}
