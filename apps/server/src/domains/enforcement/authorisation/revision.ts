import { sql } from 'kysely';
import type { Executor } from '../../../store/database.ts';

/** The state of the devices that points are to have; null where it was not worked out yet. */
export async function revisionOf(database: Executor): Promise<string | null> {
  const { rows } = await sql<{ revision: string }>`
    select a.revision from authorisation a join policy_version v on v.number = a.version and v.state = 'approved'`.execute(
    database,
  );
  return rows[0]?.revision ?? null;
}

/** Hardware addresses by asset. */
export async function macsOf(database: Executor): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ id: string; macs: string[] }>`
    select id, macs from asset where not gone and macs <> '{}' order by id`.execute(database);
  return Object.fromEntries(rows.map(({ id, macs }) => [id, macs]));
}
