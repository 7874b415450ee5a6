import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { Rounds } from '../jobs/rounds.ts';
import { append } from '../ledger/append.ts';
import type { Turns } from '../servers/index.ts';
import type { Database } from '../store/database.ts';
import { placeIn, type SealedColumn, sealedColumns } from './columns.ts';
import { HEADER_BYTES, headerOf } from './envelope.ts';
import type { Keyring } from './keyring.ts';
import { DESTROY_AFTER_MICROS, RESEAL_ROWS } from './limits.ts';
import { locked } from './lock.ts';
import { masterInUse } from './master/master.ts';
import { isOwnKeyName, ownKeyName } from './master/source.ts';
import { Sealer } from './seal.ts';

/** The one key of before zones had keys. */
const OLD_KEY = 'sealing-key';

export interface ResealNeeds {
  database: Database;
  keyring: Keyring;
  dataDir: string;
  now: () => number;
}

export interface Resealed {
  sealed: number;
  /** Values that no key opens. */
  closed: number;
  destroyed: number;
}

/**
 * Seals anew what is not sealed by its zone's key in use, row by row, each in a statement of its own: it can end anywhere and be begun
 * again. Then keys that nothing needs any more are destroyed.
 */
export async function resealAll(needs: ResealNeeds): Promise<Resealed> {
  await needs.keyring.reload();
  let [sealed, closed] = [0, 0];
  for (const column of sealedColumns) {
    if (column.clear !== undefined) sealed += await sealClear(needs, column, column.clear);
    const done = await resealColumn(needs, column);
    sealed += done.sealed;
    closed += done.closed;
  }
  if (closed === 0) rmSync(join(needs.dataDir, OLD_KEY), { force: true });
  const destroyed = await destroyUnused(needs);
  await removeOldMasters(needs);
  return { sealed, closed, destroyed };
}

/** What was in clear before, is sealed and emptied in one statement. */
async function sealClear(
  { database, keyring }: ResealNeeds,
  column: SealedColumn,
  clear: string,
): Promise<number> {
  const [table, to, from, id] = [column.table, column.column, clear, column.row].map((name) => sql.ref(name));
  for (let done = 0; ; ) {
    const { rows } = await sql<{ id: string; clear: string }>`
      select ${id}::text as id, ${from} as clear from ${table!} where ${from} is not null limit ${RESEAL_ROWS}`.execute(
      database,
    );
    if (rows.length === 0) return done;
    for (const row of rows) {
      const sealed = await keyring.seal(Buffer.from(row.clear), placeIn(column, row.id), column.zone);
      await sql`update ${table!} set ${to!} = ${sealed}, ${from!} = null
        where ${id!}::text = ${row.id} and ${from!} = ${row.clear}`.execute(database);
    }
    done += rows.length;
  }
}

async function resealColumn(
  needs: ResealNeeds,
  column: SealedColumn,
): Promise<{ sealed: number; closed: number }> {
  const { database, keyring } = needs;
  const [table, value, id] = [column.table, column.column, column.row].map((name) => sql.ref(name));
  const current = keyring.current().map((key) => headerOf(key));
  const count = { sealed: 0, closed: 0 };
  for (let last = ''; ; ) {
    const { rows } = await sql<{ id: string; value: Buffer }>`
      select ${id}::text as id, ${value} as value from ${table!} where ${id}::text > ${last} and ${value} is not null
        and not substring(${value} from 1 for ${sql.lit(HEADER_BYTES)}) = any(${current}::bytea[])
      order by ${id}::text limit ${RESEAL_ROWS}`.execute(database);
    if (rows.length === 0) return count;
    for (const row of rows) {
      const next = await sealedAnew(needs, column, row);
      if (next === null) count.closed += 1;
      else {
        // Whoever changed it meanwhile sealed it by the key in use already.
        await sql`update ${table!} set ${value!} = ${next} where ${id!}::text = ${row.id} and ${value!} = ${row.value}`.execute(
          database,
        );
        count.sealed += 1;
      }
    }
    last = rows.at(-1)!.id;
  }
}

/** Null where no key opens it. */
async function sealedAnew(
  { keyring, dataDir }: ResealNeeds,
  column: SealedColumn,
  { id, value }: { id: string; value: Buffer },
): Promise<Buffer | null> {
  const place = placeIn(column, id);
  const zone = keyring.zoneOf(value);
  const plain = zone === null ? openOld(dataDir, value, place) : await keyring.open(value, place);
  return plain === null ? null : keyring.seal(plain, place, zone ?? column.zone);
}

function openOld(dataDir: string, value: Buffer, place: string): Buffer | null {
  const file = join(dataDir, OLD_KEY);
  if (!existsSync(file)) return null;
  return new Sealer(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')).open(value, place);
}

/** How many values each key has sealed, by the header that they begin with. */
export async function valuesByKey(database: Database): Promise<ReadonlyMap<string, number>> {
  const parts = sealedColumns.map(
    ({ table, column }) =>
      sql`select encode(substring(${sql.ref(column)} from 1 for ${sql.lit(HEADER_BYTES)}), 'hex') as header
        from ${sql.ref(table)} where ${sql.ref(column)} is not null`,
  );
  const { rows } = await sql<{ header: string; n: number }>`
    select header, count(*) as n from (${sql.join(parts, sql` union all `)}) v group by header`.execute(
    database,
  );
  return new Map(rows.map(({ header, n }) => [header, n]));
}

/** A retired key that no value needs is gone for good: what it sealed in an old copy of the disk opens no more. */
async function destroyUnused(needs: ResealNeeds): Promise<number> {
  const used = await valuesByKey(needs.database);
  const { rows } = await sql<RetiredKey>`
    select id, zone from data_key where retired < ${needs.now() - DESTROY_AFTER_MICROS} and destroyed is null`.execute(
    needs.database,
  );
  const unused = rows.filter(({ id }) => !used.has(headerOf(id).toString('hex')));
  let destroyed = 0;
  for (const key of unused) destroyed += (await destroy(needs, key)) ? 1 : 0;
  return destroyed;
}

interface RetiredKey {
  id: string;
  zone: string;
}

/** With its act in the ledger; false where another server was first. */
async function destroy({ database, now }: ResealNeeds, { id, zone }: RetiredKey): Promise<boolean> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update data_key set wrapped = null, destroyed = ${now()} where id = ${id} and destroyed is null returning 1`.execute(
      transaction,
    );
    if (rows.length === 0) return false;
    const what = { action: 'key.destroy', subject: `zone:${zone}`, changes: { key: id }, reason: null };
    await append(transaction, { at: now(), actor: 'server', ...what });
    return true;
  });
}

/** Files of master keys that are no longer in use, or that a crash left before they were. */
async function removeOldMasters({ database, dataDir }: ResealNeeds): Promise<void> {
  await locked(database, async (transaction) => {
    const row = await masterInUse(transaction);
    if (row === null) return;
    for (const name of readdirSync(dataDir))
      if (isOwnKeyName(name) && name !== ownKeyName(row.id)) rmSync(join(dataDir, name));
  });
}

const ROUND_MILLISECONDS = 60_000;

/** Seals anew in the background: soon after a change of keys, and every minute, as another server may have changed one. */
export class ResealRounds extends Rounds {
  constructor(needs: ResealNeeds & { log: Logger; changed: () => void; turns?: Turns }) {
    super({
      name: 'sealing anew',
      turns: needs.turns,
      every: ROUND_MILLISECONDS,
      run: async () => {
        const { sealed, closed, destroyed } = await resealAll(needs);
        if (closed > 0) needs.log.error({ closed }, 'values are sealed by keys that cannot be opened');
        if (sealed + destroyed > 0) needs.changed();
      },
      failed: ({ message }) => needs.log.error({ reason: message }, 'nothing was sealed anew'),
    });
  }
}
