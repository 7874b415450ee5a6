import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ConfigError } from '../../config/config-error.ts';
import type { Executor } from '../../store/database.ts';
import { Sealer } from '../seal.ts';
import { type MasterConfig, type MasterSource, masterSecret, placeOf } from './source.ts';

/** The master key in use, as the database knows it. */
export interface MasterRow {
  id: string;
  kind: MasterSource['kind'];
  place: string;
  salt: Buffer;
  proof: Buffer;
  made: number;
}

/** With what it wraps. */
export interface Master {
  row: MasterRow;
  secret: Uint8Array;
}

export async function masterInUse(database: Executor): Promise<MasterRow | null> {
  const { rows } = await sql<MasterRow>`
    select id, kind, place, salt, proof, made from master_key where retired is null`.execute(database);
  return rows[0] ?? null;
}

const PROOF = Buffer.from('wardline');
const SALT_BYTES = 32;
const provedAt = (id: string): string => `master_key/${id}`;

/** A new one from this source; not yet in the database. A file of the server's own is on the disk first. */
export async function newMaster(source: MasterSource, dataDir: string, made: number): Promise<Master> {
  const [id, salt] = [randomUUID(), randomBytes(SALT_BYTES)];
  const secret = (await masterSecret(source, { id, salt }, dataDir, true))!;
  const proof = new Sealer(secret).seal(PROOF, provedAt(id));
  return { row: { id, kind: source.kind, place: placeOf(source), salt, proof, made }, secret };
}

export async function insertMaster(database: Executor, { row }: Master): Promise<void> {
  await sql`insert into master_key (id, kind, place, salt, proof, made)
    values (${row.id}, ${row.kind}, ${row.place}, ${row.salt}, ${row.proof}, ${row.made})`.execute(database);
}

/** Its secret by this source; null where the source is of another key. */
async function openBy(source: MasterSource, row: MasterRow, dataDir: string): Promise<Master | null> {
  if (source.kind !== row.kind) return null;
  const secret = await masterSecret(source, row, dataDir);
  if (secret === null || new Sealer(secret).open(row.proof, provedAt(row.id)) === null) return null;
  return { row, secret };
}

/**
 * The master key in use, opened by what is configured, by what was configured before, or by the server's own file.
 * `isCurrent`: by what is configured now. @throws ConfigError where none of them is it
 */
export async function openMaster(
  config: MasterConfig,
  row: MasterRow,
  dataDir: string,
): Promise<{ master: Master; isCurrent: boolean }> {
  const now = config.now();
  const sources = [now, config.before(), { kind: 'own' } as const];
  for (const source of sources) {
    const master = source === null ? null : await openBy(source, row, dataDir);
    if (master !== null) return { master, isCurrent: source === now };
  }
  throw new ConfigError(
    `The secrets in the database are sealed under ${row.place}, and no key that is given here opens it; name it with WARDLINE_MASTER_KEY_BEFORE_FILE or WARDLINE_MASTER_KEY_BEFORE`,
  );
}
