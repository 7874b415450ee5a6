import pg from 'pg';
import { quoted, tablesInOrder } from '../tables.ts';

/** Slots are of a whole server of databases: each of these has its own. */
const SLOT = `('wardline_backup_' || (select oid from pg_database where datname = current_database()))::name`;
const PUBLICATION = 'wardline_backup';

/** Why changes cannot be followed here, in words for whoever runs the database; null where they can. */
export async function hindrance(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ level: string; may: boolean }>(`
    select current_setting('wal_level') as level, rolreplication or rolsuper as may from pg_roles where rolname = current_user`);
  const { level, may } = rows[0]!;
  if (level !== 'logical')
    return `the database writes its log as ${level}: set wal_level = logical and start it again`;
  return may ? null : 'the database’s user may not follow its log: alter role … replication';
}

/**
 * The tables whose changes are followed, as they are now. `migration` is one of them: it tells where the schema was brought forward,
 * since definitions of tables are no changes of rows.
 */
export async function publish(client: pg.Client): Promise<void> {
  const tables = [...(await tablesInOrder(client)).map(({ name }) => name), 'migration'];
  const list = tables.map(quoted).join(', ');
  const { rowCount } = await client.query('select 1 from pg_publication where pubname = $1', [PUBLICATION]);
  if (rowCount === 0)
    await client.query(
      `create publication ${PUBLICATION} for table ${list} with (publish_via_partition_root = true)`,
    );
  else await client.query(`alter publication ${PUBLICATION} set table ${list}`);
}

/** Behind steps that brought the schema forward, before anything is written into new tables. */
export async function publishAnew(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_publication where pubname = $1', [PUBLICATION]);
    if (rowCount !== 0) await publish(client);
  } finally {
    await client.end();
  }
}

/** `lost`: the database dropped what was not read yet. */
export async function slotState(client: pg.Client): Promise<'none' | 'good' | 'lost'> {
  const { rows } = await client.query<{ status: string | null }>(
    `select wal_status as status from pg_replication_slots where slot_name = ${SLOT}`,
  );
  if (rows[0] === undefined) return 'none';
  return rows[0].status === 'lost' || rows[0].status === null ? 'lost' : 'good';
}

/** From now on the database keeps its log until it was read. Waits for transactions that run. */
export async function makeSlot(client: pg.Client): Promise<void> {
  await client.query(`select pg_create_logical_replication_slot(${SLOT}, 'pgoutput')`);
}

/** Without it, a database nobody reads from would keep its log for ever. */
export async function dropSlot(client: pg.Client): Promise<void> {
  await client.query(
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = ${SLOT}`,
  );
  await client.query(`drop publication if exists ${PUBLICATION}`);
}

/** What was read up to here need not be kept any more. */
export async function advanceTo(client: pg.Client, lsn: string): Promise<void> {
  await client.query(
    `select pg_replication_slot_advance(slot_name, $1::pg_lsn) from pg_replication_slots
     where slot_name = ${SLOT} and confirmed_flush_lsn < $1::pg_lsn`,
    [lsn],
  );
}

/** What is in the log by now, and the database's own time of it in microseconds since the epoch. */
export async function position(client: pg.Client): Promise<{ at: number; lsn: string }> {
  const { rows } = await client.query<{ at: string; lsn: string }>(`
    with clock as materialized (select clock_timestamp() as now)
    select (extract(epoch from now) * 1000000)::bigint as at, pg_current_wal_flush_lsn() as lsn from clock`);
  return { at: Number(rows[0]!.at), lsn: rows[0]!.lsn };
}

/** Changes that were committed before `lsn` and not passed by, whole transactions, some more than `most` at a time. */
export const changesUpTo = (lsn: string, most: number): string =>
  `copy (select encode(data, 'hex') from pg_logical_slot_peek_binary_changes(${SLOT}, '${lsn}', ${most},
    'proto_version', '1', 'publication_names', '${PUBLICATION}')) to stdout`;

/** As PostgreSQL writes a place in its log. */
export const lsnText = (lsn: bigint): string =>
  `${(lsn >> 32n).toString(16).toUpperCase()}/${(lsn & 0xffff_ffffn).toString(16).toUpperCase()}`;
