import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Executor } from '../store/database.ts';
import { type DataKey, wrap } from './envelope.ts';
import type { Master } from './master/master.ts';

export interface DataKeyRow {
  id: string;
  zone: string;
  wrapped: Buffer | null;
  made: number;
  retired: number | null;
  destroyed: number | null;
}

export async function dataKeys(database: Executor): Promise<DataKeyRow[]> {
  const { rows } = await sql<DataKeyRow>`
    select id, zone, wrapped, made, retired, destroyed from data_key order by zone, made desc`.execute(
    database,
  );
  return rows;
}

/** A new key for a zone; false where it has one in use already. */
export async function insertDataKey(
  database: Executor,
  { row: { id: master }, secret }: Master,
  zone: string,
  now: number,
): Promise<boolean> {
  const key: DataKey = { id: randomUUID(), zone, secret: randomBytes(32) };
  const { rows } = await sql`
    insert into data_key (id, zone, master, wrapped, made)
    values (${key.id}, ${zone}, ${master}, ${wrap(secret, key)}, ${now})
    on conflict (zone) where retired is null do nothing returning 1`.execute(database);
  return rows.length > 0;
}

/** Takes a zone's key out of use; null where it has none. */
export async function retireDataKey(database: Executor, zone: string, now: number): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    update data_key set retired = ${now} where zone = ${zone} and retired is null returning id`.execute(
    database,
  );
  return rows[0]?.id ?? null;
}
