import { sql } from 'kysely';
import { Refusal } from '../../../http/problems.ts';
import type { Executor } from '../../../store/database.ts';

/** True where a device was let go for good: it gets no certificate any more. */
export async function isDecommissioned(database: Executor, asset: string): Promise<boolean> {
  const { rows } =
    await sql`select 1 from lifecycle where asset_id = ${asset} and state = 'decommissioned'`.execute(
      database,
    );
  return rows.length > 0;
}

/** @throws Refusal where the inventory has no such device, or it was decommissioned */
export async function mustBeInUse(database: Executor, asset: string): Promise<void> {
  const { rows } = await sql`select 1 from asset where id = ${asset} and not gone`.execute(database);
  if (rows.length === 0) throw new Refusal('not-found', `There is no asset ${asset}`);
  if (await isDecommissioned(database, asset)) throw new Refusal('conflict', `${asset} was decommissioned`);
}
