import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ConfigError } from '../config/config-error.ts';
import type { Database } from '../store/database.ts';
import { PLATFORM, placeIn } from './columns.ts';
import type { Keyring } from './keyring.ts';

export interface SecretNeeds {
  database: Database;
  keyring: Keyring;
  dataDir: string;
}

const SECRET_BYTES = 32;
const placeOf = (name: string): string => placeIn({ table: 'secret' }, name);

/**
 * A random secret of the platform, sealed in the database; every server on one database has the same. What lies in a file of that name,
 * as before, is taken in and the file removed. `mayMake` tells whether a new one would do where there is none.
 * @throws ConfigError where it is lost, or the file holds another
 */
export async function keptSecret(
  needs: SecretNeeds,
  name: string,
  mayMake: () => Promise<boolean> = async () => true,
): Promise<Buffer> {
  const fromFile = readOld(needs.dataDir, name);
  const secret = (await readKept(needs, name)) ?? (await keep(needs, name, fromFile, mayMake));
  if (fromFile === null) return secret;
  if (!secret.equals(fromFile))
    throw new ConfigError(
      `${join(needs.dataDir, name)} is not the ${name} of this database; put the file away, or bring back the database that belongs to it`,
    );
  rmSync(join(needs.dataDir, name));
  return secret;
}

async function keep(
  needs: SecretNeeds,
  name: string,
  fromFile: Buffer | null,
  mayMake: () => Promise<boolean>,
): Promise<Buffer> {
  if (fromFile === null && !(await mayMake()))
    throw new ConfigError(`The ${name} of this database is away; bring it back from a backup`);
  const sealed = await needs.keyring.seal(fromFile ?? randomBytes(SECRET_BYTES), placeOf(name), PLATFORM);
  await sql`insert into secret (name, sealed) values (${name}, ${sealed}) on conflict do nothing`.execute(
    needs.database,
  );
  // Another server may have been first.
  return (await readKept(needs, name))!;
}

/** Null where there is none. @throws ConfigError where it does not open */
async function readKept({ database, keyring }: SecretNeeds, name: string): Promise<Buffer | null> {
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from secret where name = ${name}`.execute(
    database,
  );
  if (rows[0] === undefined) return null;
  const secret = await keyring.open(rows[0].sealed, placeOf(name));
  if (secret === null)
    throw new ConfigError(
      `The ${name} cannot be opened: the key of the zone ${PLATFORM} is lost; bring it back from a backup`,
    );
  return secret;
}

function readOld(dataDir: string, name: string): Buffer | null {
  try {
    return Buffer.from(readFileSync(join(dataDir, name), 'utf8').trim(), 'base64url');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
