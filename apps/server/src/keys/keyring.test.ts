import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, openCluster } from '../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { sealedColumns } from './columns.ts';
import { headerOf, keyOf } from './envelope.ts';
import { Keyring } from './keyring.ts';
import { RESEAL_ROWS } from './limits.ts';
import { listKeys } from './list.ts';
import { type MasterConfig, masterConfig } from './master/source.ts';
import { resealAll } from './reseal.ts';
import { Sealer } from './seal.ts';
import { keptSecret } from './secrets.ts';

let cluster: Cluster;
let database: Database;
let folder: string;
let dataDir: string;
let hours = 1;
const nothing = { secret: undefined, file: undefined, secretBefore: undefined, fileBefore: undefined };
const own: MasterConfig = masterConfig(nothing);
const now = () => hours * 3_600_000_000;
const open = (config: MasterConfig = own) => Keyring.open({ database, config, dataDir, now });
const reseal = (keyring: Keyring) => resealAll({ database, keyring, dataDir, now });
const unrecorded = async () => {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-keys-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  cluster = await openCluster(join(folder, 'cluster'), {
    died: () => {},
    restarted: () => {},
    givenUp: () => {},
  });
  database = openDatabase(cluster.connection, () => {});
  await migrate(database);
}, 180_000);
afterAll(async () => {
  await database?.destroy();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  dataDir = mkdtempSync(join(folder, 'data-'));
  await sql`truncate person, totp, password, secret, data_key, master_key cascade`.execute(database);
});

async function person(): Promise<string> {
  const id = randomUUID();
  await sql`insert into person (id, name, created) values (${id}, 'Somebody', 1)`.execute(database);
  return id;
}

async function put(keyring: Keyring, row: string, text: string, zone: string): Promise<void> {
  const sealed = await keyring.seal(Buffer.from(text), `totp/${row}`, zone);
  await sql`insert into totp (person, sealed) values (${row}, ${sealed})
    on conflict (person) do update set sealed = excluded.sealed`.execute(database);
}

async function sealedIn(row: string): Promise<Buffer> {
  const { rows } = await sql<{ sealed: Buffer }>`select sealed from totp where person = ${row}`.execute(
    database,
  );
  return rows[0]!.sealed;
}

const read = async (keyring: Keyring, row: string) =>
  (await keyring.open(await sealedIn(row), `totp/${row}`))?.toString();

describe('whatever is sealed, changed, cut off and started again', () => {
  const zones = ['accounts', 'zone:ICU', 'zone:Imaging'];
  const command = fc.oneof(
    fc.record({ do: fc.constant('put' as const), row: fc.nat(3), zone: fc.constantFrom(...zones) }),
    fc.record({ do: fc.constant('change zone' as const), zone: fc.constantFrom(...zones) }),
    fc.record({ do: fc.constant('change master' as const), crash: fc.boolean() }),
    fc.record({ do: fc.constant('reseal' as const), crashAfter: fc.nat(4) }),
    fc.record({ do: fc.constant('start again' as const) }),
    fc.record({ do: fc.constant('wait' as const) }),
  );
  type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

  const crashing = async () => {
    throw new Error('crash');
  };

  /** As a process that ends before the value with this number is sealed. */
  function endingAfter(keyring: Keyring, values: number): Keyring {
    let left = values;
    return new Proxy(keyring, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name === 'seal' && left-- === 0) throw new Error('crash');
          return (value as (...of: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  }

  async function carryOut(keyring: Keyring, step: Command, rows: string[], held: Map<string, string>) {
    if (step.do === 'put') {
      const text = `${step.zone} ${held.size} ${Math.round(now())}`;
      await put(keyring, rows[step.row]!, text, step.zone);
      held.set(rows[step.row]!, text);
    } else if (step.do === 'change zone') await keyring.changeZone(step.zone, unrecorded);
    else if (step.do === 'change master')
      await keyring.changeMaster(step.crash ? crashing : unrecorded).catch(() => {});
    else if (step.do === 'reseal') await reseal(endingAfter(keyring, step.crashAfter)).catch(() => {});
    else if (step.do === 'wait') hours += 2;
    return step.do === 'start again' ? open() : keyring;
  }

  it('everything stays readable, by its own zone’s key alone, and ends under the keys in use', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 16 }), async (steps) => {
        await sql`truncate person, totp, data_key, master_key cascade`.execute(database);
        const rows = [await person(), await person(), await person(), await person()];
        const held = new Map<string, string>();
        let keyring = await open();
        for (const step of steps) {
          keyring = await carryOut(keyring, step, rows, held);
          const fresh = await open();
          for (const [row, text] of held)
            expect([await read(keyring, row), await read(fresh, row)]).toEqual([text, text]);
        }
        hours += 2;
        await reseal(keyring);
        hours += 2;
        await reseal(keyring);
        const { waiting, closed, zones: told } = await listKeys({ database, keys: keyring });
        expect({ waiting, closed }).toEqual({ waiting: 0, closed: 0 });
        const retired = told.flatMap(({ keys }) => keys.filter((key) => key.retired !== null));
        expect(retired.filter((key) => key.destroyed === null)).toEqual([]);
        expect(readdirSync(dataDir)).toEqual([`master-key-${keyring.master.id}`]);
        for (const [row, text] of held) {
          expect(text.startsWith(keyring.zoneOf(await sealedIn(row)) ?? '?')).toBe(true);
          expect(await read(keyring, row)).toBe(text);
        }
      }),
      { numRuns: 25 },
    );
  }, 180_000);
});

describe('a key that is lost', () => {
  it('closes its own zone and no other, and a new one opens the zone for what comes', async () => {
    const keyring = await open();
    const [icu, imaging, later] = [await person(), await person(), await person()];
    await put(keyring, icu, 'pump', 'zone:ICU');
    await put(keyring, imaging, 'scanner', 'zone:Imaging');
    await sql`update data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where zone = 'zone:ICU'`.execute(
      database,
    );
    const after = await open();
    expect([await read(after, icu), await read(after, imaging)]).toEqual([undefined, 'scanner']);
    await expect(put(after, later, 'x', 'zone:ICU')).rejects.toThrow(/key of zone:ICU cannot be opened/);
    expect(await listKeys({ database, keys: after })).toMatchObject({ closed: 1, waiting: 0 });
    await after.changeZone('zone:ICU', unrecorded);
    await put(after, later, 'new', 'zone:ICU');
    expect([await read(after, later), await read(after, imaging)]).toEqual(['new', 'scanner']);
    // What a lost key sealed may yet be opened, by a copy of it: it is not destroyed.
    hours += 2;
    expect(await reseal(after)).toMatchObject({ closed: 1, destroyed: 0 });
  });

  it('or found, opens nothing of another zone, also where a value says it was sealed by it', async () => {
    const keyring = await open();
    const [icu, imaging] = [await person(), await person()];
    await put(keyring, icu, 'pump', 'zone:ICU');
    await put(keyring, imaging, 'scanner', 'zone:Imaging');
    const [stolen, other] = [keyOf(await sealedIn(icu))!, await sealedIn(imaging)];
    const relabelled = Buffer.concat([headerOf(stolen), other.subarray(headerOf(stolen).length)]);
    expect(await keyring.open(relabelled, `totp/${imaging}`)).toBeNull();
    // A wrapped key put in another zone's place does not unwrap there.
    await sql`update data_key set wrapped = (select wrapped from data_key where zone = 'zone:ICU')
      where zone = 'zone:Imaging'`.execute(database);
    const after = await open();
    expect(after.current().map((id) => after.isOpen(id))).toEqual([true, true, true, false]);
  });
});

describe('a sealed value', () => {
  it('opens with no bit changed and no end cut', async () => {
    const keyring = await open();
    const sealed = await keyring.seal(Buffer.from('secret'), 'p', 'accounts');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(await keyring.open(changed, 'p')).toBeNull();
    }
    for (let end = 0; end < sealed.length; end += 1)
      expect(await keyring.open(sealed.subarray(0, end), 'p')).toBeNull();
  });

  it.each([
    [80, null],
    [81, /no name of a zone/],
    [0, /no name of a zone/],
  ])('of a zone with a name of %d characters', async (characters, refused) => {
    const sealing = (await open()).seal(Buffer.from('x'), 'p', 'z'.repeat(characters));
    if (refused === null) await expect(sealing).resolves.toBeInstanceOf(Buffer);
    else await expect(sealing).rejects.toThrow(refused);
  });
});

it.each([RESEAL_ROWS, RESEAL_ROWS + 1])('%d values are sealed anew in one round', async (count) => {
  const keyring = await open();
  const rows = Array.from({ length: count }, () => randomUUID());
  await sql`insert into person (id, name, created) select id::uuid, 'Somebody', 1 from unnest(${rows}::text[]) id`.execute(
    database,
  );
  const seal = (row: string) => keyring.seal(Buffer.from(row), `totp/${row}`, 'accounts');
  const values = await Promise.all(rows.map(seal));
  await sql`insert into totp (person, sealed)
    select * from unnest(${rows}::uuid[], ${values}::bytea[])`.execute(database);
  await keyring.changeZone('accounts', unrecorded);
  expect(await reseal(keyring)).toMatchObject({ sealed: count });
  expect(await read(keyring, rows.at(-1)!)).toBe(rows.at(-1));
});

it('lies in a column that follows when keys are changed', async () => {
  const { rows } = await sql<{ name: string }>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and column_name like '%sealed%' order by 1`.execute(database);
  const known = sealedColumns.map(({ table, column }) => `${table}.${column}`);
  expect(rows.map(({ name }) => name)).toEqual(known.toSorted());
});

describe('what was stored before zones had keys', () => {
  it('is sealed by them, codes and digests of passwords, and the old key is gone', async () => {
    const [row, clear] = [await person(), await person()];
    const old = Buffer.alloc(32, 7);
    writeFileSync(join(dataDir, 'sealing-key'), old.toString('base64url'));
    const sealed = new Sealer(old).seal(Buffer.from('authenticator'), `totp/${row}`);
    await sql`insert into totp (person, sealed) values (${row}, ${sealed})`.execute(database);
    await sql`insert into password (person, hash, changed) values (${clear}, 'scrypt:digest', 1)`.execute(
      database,
    );
    const keyring = await open();
    expect(await reseal(keyring)).toMatchObject({ sealed: 2, closed: 0 });
    expect(await read(keyring, row)).toBe('authenticator');
    const { rows } = await sql<{
      hash: string | null;
      sealed: Buffer;
    }>`select hash, sealed from password`.execute(database);
    expect(rows[0]!.hash).toBeNull();
    expect((await keyring.open(rows[0]!.sealed, `password/${clear}`))?.toString()).toBe('scrypt:digest');
    expect(existsSync(join(dataDir, 'sealing-key'))).toBe(false);
  });
});

describe('a secret of the platform', () => {
  const secret = (keyring: Keyring, mayMake?: () => Promise<boolean>) =>
    keptSecret({ database, keyring, dataDir }, 'ledger-key', mayMake);

  it('is taken out of its file, follows when keys are changed, and stays the same', async () => {
    const file = join(dataDir, 'ledger-key');
    const seed = Buffer.alloc(32, 9);
    writeFileSync(file, seed.toString('base64url'));
    const keyring = await open();
    expect([await secret(keyring), existsSync(file)]).toEqual([seed, false]);
    await keyring.changeZone('platform', unrecorded);
    expect(await reseal(keyring)).toMatchObject({ sealed: 1 });
    hours += 2;
    expect(await reseal(keyring)).toMatchObject({ destroyed: 1 });
    expect(await secret(await open())).toEqual(seed);
    writeFileSync(file, Buffer.alloc(32, 8).toString('base64url'));
    await expect(secret(keyring)).rejects.toThrow(/is not the ledger-key of this database/);
    const { rows } = await sql<{ changes: unknown }>`
      select changes from ledger where action = 'key.destroy' and subject = 'zone:platform'`.execute(
      database,
    );
    expect(rows).toEqual([{ changes: { key: expect.stringMatching(/^[0-9a-f-]{36}$/) } }]);
  });

  it('that is lost is not quietly made anew', async () => {
    const keyring = await open();
    await expect(secret(keyring, async () => false)).rejects.toThrow(/is away; bring it back from a backup/);
    const made = await secret(keyring);
    expect(made.length).toBe(32);
    await sql`update data_key set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where zone = 'platform'`.execute(
      database,
    );
    await expect(secret(await open())).rejects.toThrow(/the key of the zone platform is lost/);
  });
});

describe('a passphrase', () => {
  const withFile = (file: string, fileBefore?: string) => masterConfig({ ...nothing, file, fileBefore });

  it('takes over from the server’s own file, is changed while the server runs, and is asked for at the next start', async () => {
    const [file, earlier] = [join(dataDir, 'passphrase'), join(dataDir, 'earlier')];
    const row = await person();
    await put(await open(), row, 'secret', 'zone:ICU');
    writeFileSync(file, 'eleven horses on a hill\n');
    const keyring = await open(withFile(file));
    expect(keyring.master).toMatchObject({
      kind: 'passphrase',
      place: 'the passphrase of WARDLINE_MASTER_KEY_FILE',
    });
    expect(await read(keyring, row)).toBe('secret');
    writeFileSync(earlier, 'eleven horses on a hill');
    writeFileSync(file, 'twelve horses on a hill');
    expect(await keyring.changeMaster(unrecorded)).toMatchObject({ keys: 3 });
    expect(await read(keyring, row)).toBe('secret');
    await expect(open(withFile(earlier))).rejects.toThrow(/WARDLINE_MASTER_KEY_BEFORE/);
    // The file was changed while a server was away; one that ran all the while keeps what it had open.
    expect(await read(await open(withFile(earlier, file)), row)).toBe('secret');
    expect(await read(keyring, row)).toBe('secret');
  }, 180_000);

  it.each([
    [{ secret: 'x'.repeat(15) }, /at least 16 characters/],
    [{ secret: 'x'.repeat(16), file: '/none' }, /set one/],
    [{ file: '/none/at/all' }, /WARDLINE_MASTER_KEY_FILE: \/none\/at\/all cannot be read/],
  ])('is refused in words: %j', (settings, words) => {
    expect(() => masterConfig({ ...nothing, ...settings })).toThrow(words);
  });

  it('of 16 characters is enough', () => {
    expect(masterConfig({ ...nothing, secret: 'x'.repeat(16) }).now()).toMatchObject({ kind: 'passphrase' });
  });
});
