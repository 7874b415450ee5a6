import { type FirmwareKey, formatMicros } from '@wardline/model';
import { type DocumentSigner, type Root, signerFromSeed } from '@wardline/updates';
import { sql } from 'kysely';
import type { Context } from '../../context.ts';
import { Refusal } from '../../http/problems.ts';
import { keptSecret } from '../../keys/index.ts';
import { act } from '../../ledger/append.ts';
import { FIRMWARE_KEYS } from '../../limits.ts';
import type { Executor } from '../../store/database.ts';

type KeyNeeds = Pick<Context, 'database' | 'keys' | 'config'>;

/** The seed of a key by its number, sealed under the platform's zone. */
const seedOf = ({ database, keys, config }: KeyNeeds, number: number, isNew: boolean): Promise<Buffer> =>
  keptSecret(
    { database, keyring: keys, dataDir: config.dataDir },
    `firmware-online-${number}`,
    async () => isNew,
  );

/**
 * Makes the next key of the server. It signs nothing before a root names it, which only people can say.
 * @throws Refusal where there are too many
 */
export async function makeOnlineKey(context: Context, actor: string, reason: string): Promise<FirmwareKey> {
  const [at, last] = [context.now(), await lastNumber(context.database)];
  if (last >= FIRMWARE_KEYS) throw new Refusal('conflict', `There were ${FIRMWARE_KEYS} keys already.`);
  const number = last + 1;
  const { key } = signerFromSeed(await seedOf(context, number, true));
  const changes = { number, key: key.id };
  const entry = { at, actor, action: 'firmware.key-make', subject: 'firmware:keys', changes, reason };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into firmware_key (number, id, public, made) values (${number}, ${key.id}, ${key.public}, ${at})`.execute(
      transaction,
    );
  });
  return { number, id: key.id, public: key.public, made: formatMicros(at), signs: false };
}

async function lastNumber(database: Executor): Promise<number> {
  const { rows } = await sql<{
    last: number;
  }>`select coalesce(max(number), 0) as last from firmware_key`.execute(database);
  return rows[0]!.last;
}

/** Every key that the server has, oldest first. */
export async function readOnlineKeys(database: Executor, root: Root | null): Promise<FirmwareKey[]> {
  const { rows } = await sql<{ number: number; id: string; public: string; made: number }>`
    select number, id, public, made from firmware_key order by number`.execute(database);
  const may = new Set(root === null ? [] : [...root.roles.timestamp.keyIds, ...root.roles.snapshot.keyIds]);
  return rows.map(({ made, ...row }) => ({ ...row, made: formatMicros(made), signs: may.has(row.id) }));
}

/** What the server can sign with. */
export async function onlineSigners(context: KeyNeeds): Promise<DocumentSigner[]> {
  const { rows } = await sql<{ number: number }>`select number from firmware_key order by number`.execute(
    context.database,
  );
  return Promise.all(rows.map(async ({ number }) => signerFromSeed(await seedOf(context, number, false))));
}
