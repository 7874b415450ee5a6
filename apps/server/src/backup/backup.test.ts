import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AssetRow, LedgerHead, LedgerVerification } from '@wardline/model';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from '../index.ts';
import { openStage, type Stage } from '../testing/acts/stage.ts';
import { until } from '../testing/running-server.ts';
import { BackupFault, frameOf, readFrames } from './frames.ts';
import { restoreBackup } from './restore.ts';
import { makeBackupKeys, openStream } from './seal.ts';

let stage: Stage;
let keys: { identity: string; recipient: string };
let sealed: Buffer;
const folders: string[] = [];
const reason = 'a test of backups';
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'wardline-restore-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
  folders.push(folder);
  return join(folder, 'data');
};

async function* pieces(bytes: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function make(body: object): Promise<Response> {
  return stage.server.post('backups', { reason, ...body });
}

beforeAll(async () => {
  stage = await openStage();
  keys = await makeBackupKeys();
  await stage.server.post('register/import', {
    csv: 'Asset Tag,MAC Address\nT-1,02:00:00:00:00:09\n',
    reason,
  });
  await stage.server.post('people', { name: 'Anna Weber', reason });
  sealed = Buffer.from(await (await make({ recipient: keys.recipient })).arrayBuffer());
});
afterAll(async () => {
  await stage?.client.end();
  await stage?.server.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** What a hospital would miss. */
async function pictureOf(get: <T>(path: string) => Promise<T>) {
  const { items: assets } = await get<{ items: AssetRow[] }>('assets?limit=100&sort=name');
  const conversations = await get<{ items: unknown[]; total: number }>('conversations?limit=500&sort=bytes');
  const register = await get<{ items: unknown[] }>('register');
  const people = await get<{ items: { name: string }[] }>('people');
  return {
    assets,
    conversations: conversations.items,
    register: register.items,
    people: people.items.map(({ name }) => name),
  };
}

it('is restored into a server that shows the same, whose ledger is whole and goes on', async () => {
  const before = await pictureOf(stage.server.get);
  const { size } = await stage.server.get<LedgerHead>('ledger/checkpoint');
  const dataDir = newFolder();
  const restored = await restoreBackup(await openStream(pieces(sealed), { identity: keys.identity }), {
    dataDir,
  });
  expect(restored).toMatchObject({ acts: size });
  const server = await startServer({ dataDir, port: 0, log: 'silent', consoleDir: join(dataDir, 'none') });
  try {
    const token = readFileSync(join(dataDir, 'cli-token'), 'utf8');
    const get = async <T>(path: string) =>
      (await (
        await fetch(`${server.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })
      ).json()) as T;
    expect(await pictureOf(get)).toEqual(before);
    expect(await get<LedgerVerification>('ledger/verification')).toMatchObject({ whole: true });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const more = await fetch(`${server.url}/api/v1/people`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ name: 'New', reason }),
    });
    expect(more.status).toBe(200);
    expect((await get<LedgerHead>('ledger/checkpoint')).size).toBe(size + 1);
  } finally {
    await server.close();
  }
}, 180_000);

it('tells nothing without its key, not even how much is in it', async () => {
  const text = sealed.toString('latin1');
  expect(text.startsWith('age-encryption.org/v1\n')).toBe(true);
  for (const word of ['Anna Weber', 'register', '02:00:00', 'wardline']) expect(text).not.toContain(word);
  const other = await makeBackupKeys();
  await expect(openStream(pieces(sealed), { identity: other.identity })).rejects.toThrow(
    /cannot be opened with this key/,
  );
});

it('by a passphrase is opened by it alone', async () => {
  const passphrase = 'eleven horses on a hill';
  const bytes = Buffer.from(await (await make({ passphrase })).arrayBuffer());
  const frames = readFrames(await openStream(pieces(bytes), { passphrase }));
  expect((await frames.next()).value).toMatchObject({ header: { is: 'backup' } });
  await expect(openStream(pieces(bytes), { passphrase: 'eleven horses on a hilk' })).rejects.toThrow(
    BackupFault,
  );
}, 180_000);

describe('a restore leaves nothing behind where the backup', () => {
  const attempt = async (bytes: Uint8Array) => {
    const dataDir = newFolder();

    const error = await openStream(pieces(bytes), { identity: keys.identity })
      .then((opened) => restoreBackup(opened, { dataDir }))
      .then(
        () => null,
        (cause: unknown) => cause,
      );
    expect(error).toBeInstanceOf(BackupFault);
    expect(existsSync(join(dataDir, 'database'))).toBe(false);
    return (error as Error).message;
  };

  it('is cut off', async () => {
    expect(await attempt(sealed.subarray(0, sealed.length - 100))).toMatch(/changed or is cut off/);
  }, 180_000);

  it('has a changed byte', async () => {
    const changed = Buffer.from(sealed);
    changed[changed.length >> 1]! ^= 1;
    expect(await attempt(changed)).toMatch(/changed or is cut off/);
  }, 180_000);
});

it('goes into an empty folder only', async () => {
  const dataDir = newFolder();
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'letters.txt'), 'of somebody');
  const opened = await openStream(pieces(sealed), { identity: keys.identity });
  await expect(restoreBackup(opened, { dataDir })).rejects.toThrow(/is not empty/);
  expect(readFileSync(join(dataDir, 'letters.txt'), 'utf8')).toBe('of somebody');
});

describe('into a PostgreSQL of the hospital’s own', () => {
  /** Another database on the same PostgreSQL, of a role that owns nothing else. */
  async function emptyDatabase(name: string): Promise<string> {
    const host = join(stage.server.dataDir, 'socket');
    const admin = new pg.Client({ host, user: 'wardline_admin', database: 'postgres' });
    await admin.connect();
    await admin.query(`create database ${name} owner wardline`);
    await admin.end();
    return `postgresql://wardline@/${name}?host=${encodeURIComponent(host)}`;
  }
  const opened = (bytes: Uint8Array) => openStream(pieces(bytes), { identity: keys.identity });
  const tables = async (databaseUrl: string) => {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    const { rows } = await client.query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'S', 'v')",
    );
    await client.end();
    return rows.length;
  };

  it('is restored to show the same, beside a folder with nothing but keys', async () => {
    const before = await pictureOf(stage.server.get);
    const [dataDir, databaseUrl] = [newFolder(), await emptyDatabase('theirs')];
    await restoreBackup(await opened(sealed), { dataDir, databaseUrl });
    expect(existsSync(join(dataDir, 'database'))).toBe(false);
    const server = await startServer({
      dataDir,
      databaseUrl,
      port: 0,
      log: 'silent',
      consoleDir: join(dataDir, 'none'),
    });
    try {
      const token = readFileSync(join(dataDir, 'cli-token'), 'utf8');
      const get = async <T>(path: string) =>
        (await (
          await fetch(`${server.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${token}` } })
        ).json()) as T;
      // What the register means for each device is worked out anew after the start.
      await until(
        () => pictureOf(get),
        (picture) => isDeepStrictEqual(picture, before),
      );
      expect(await get<LedgerVerification>('ledger/verification')).toMatchObject({ whole: true });
    } finally {
      await server.close();
    }
    const again = { dataDir: newFolder(), databaseUrl };
    await expect(restoreBackup(await opened(sealed), again)).rejects.toThrow(/holds \d+ tables already/);
    expect(await tables(databaseUrl)).toBeGreaterThan(50);
  }, 300_000);

  it('leaves it empty where the backup is cut off, and goes nowhere in clear', async () => {
    const [dataDir, databaseUrl] = [newFolder(), await emptyDatabase('emptied')];
    const cut = sealed.subarray(0, sealed.length - 100);
    await expect(restoreBackup(await opened(cut), { dataDir, databaseUrl })).rejects.toThrow(/is cut off/);
    expect(await tables(databaseUrl)).toBe(0);
    expect(existsSync(dataDir)).toBe(false);
    const far = { dataDir, databaseUrl: 'postgresql://w:p@10.1.2.3/wardline' };
    await expect(restoreBackup(await opened(sealed), far)).rejects.toThrow(/sslmode=verify-full is needed/);
  }, 180_000);
});

it.each([
  [{}, /one of them/],
  [{ recipient: 'age1nonsense' }, /no public key of age/],
  [{ passphrase: 'too short' }, /passphrase/],
])('is refused in words for %j', async (body, words) => {
  const answer = await make(body);
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { detail: string }).detail).toMatch(words);
});

describe('frames', () => {
  const header = { is: 'file', name: 'x' } as const;
  const whole = Buffer.concat([
    frameOf({ kind: 'header', header }),
    frameOf({ kind: 'data', bytes: Buffer.from('abc') }),
  ]);
  const read = async (bytes: Uint8Array, size: number) => {
    const frames = [];
    for await (const frame of readFrames(pieces(bytes, size)))
      frames.push(frame.kind === 'header' ? frame.header : frame.bytes.toString());
    return frames;
  };

  it('are the same in pieces of any size, and refused cut off anywhere', async () => {
    for (let size = 1; size <= whole.length; size += 1)
      expect(await read(whole, size)).toEqual([header, 'abc']);
    const ends = [frameOf({ kind: 'header', header }).length, 0, whole.length];
    for (let end = 0; end < whole.length; end += 1)
      if (!ends.includes(end)) await expect(read(whole.subarray(0, end), 7)).rejects.toThrow(BackupFault);
  });

  it('of any bytes are frames or a fault', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        await read(bytes, 8).catch((error: unknown) => expect(error).toBeInstanceOf(BackupFault));
      }),
    );
  });
});
