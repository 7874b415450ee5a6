import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportJob } from '@wardline/model';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../index.ts';
import { until } from '../testing/running-server.ts';
import { parseConfig, readEnv } from './config.ts';
import { prepareDataDir } from './data-dir.ts';
import { takeDataDir } from './single-server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wardline-start-'));
  // As root the database runs as another user, who must get to its folder.
  chmodSync(folder, 0o711);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (name: string, port: number) =>
  startServer({ dataDir: join(folder, name), port, log: 'silent', consoleDir: join(folder, 'none') });

function occupy(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
  });
}

describe('a data folder', () => {
  const nobody = { name: 'nobody', uid: 65_534, gid: 65_534 };
  const isRoot = process.getuid?.() === 0;

  it.runIf(isRoot)('that the database’s user cannot get to is refused, naming both', () => {
    const closed = join(folder, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const refusal = () => prepareDataDir(join(closed, 'data'), nobody);
    expect(refusal).toThrow('nobody');
    expect(refusal).toThrow(join(closed, 'data'));
  });

  it('that cannot be made is refused, naming it', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => prepareDataDir(join(folder, 'file', 'data'), null)).toThrow(join(folder, 'file', 'data'));
  });

  it.runIf(isRoot)('of another user is refused', () => {
    const foreign = join(folder, 'foreign');
    mkdirSync(foreign);
    chownSync(foreign, nobody.uid, nobody.gid);
    expect(() => prepareDataDir(foreign, null)).toThrow('no folder of the user');
  });

  it('is held by one server at a time, and by none that is dead', () => {
    const held = join(folder, 'held');
    mkdirSync(held);
    writeFileSync(join(held, 'server.json'), JSON.stringify({ pid: 4_194_000, started: '1' }));
    const release = takeDataDir(held);
    expect(() => takeDataDir(held)).toThrow(/already runs on .*held \(this process\)/);
    release();
    takeDataDir(held)();
    expect(existsSync(join(held, 'server.json'))).toBe(false);
  });

  it('is taken over from a file that was cut off', () => {
    const cut = join(folder, 'cut');
    mkdirSync(cut);
    writeFileSync(join(cut, 'server.json'), '{"pid":');
    takeDataDir(cut)();
  });
});

describe('a port', () => {
  let busy: Server;
  let port: number;
  beforeAll(async () => {
    busy = await occupy();
    const address = busy.address();
    port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  });
  afterAll(() => busy.close());

  it('that was asked for and is taken ends the start, and leaves nothing running', async () => {
    await expect(start('taken', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(join(folder, 'taken', 'database', 'postmaster.pid'))).toBe(false);
    expect(existsSync(join(folder, 'taken', 'server.json'))).toBe(false);
  });

  it('that nobody asked for may be another', () => {
    expect(parseConfig(readEnv({}), {})).toMatchObject({ port: 7400, anyPort: true });
    expect(parseConfig(readEnv({ WARDLINE_PORT: '7400' }), {})).toMatchObject({ anyPort: false });
    expect(parseConfig(readEnv({}), { port: 0 })).toMatchObject({ anyPort: false });
    expect(() => parseConfig(readEnv({ WARDLINE_PORT: '' }), {})).toThrow('port');
  });
});

describe('a server', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await start('own', 0);
  });
  afterAll(() => server?.close());

  it('is alone on its folder', async () => {
    await expect(start('own', 0)).rejects.toThrow(/A server already runs on .*own/);
  });

  it('starts again over the pid file of a database that is gone', async () => {
    await server.close();
    const stale = `4194000\n${join(folder, 'own', 'database')}\n1\n5432\n\n\n\n`;
    writeFileSync(join(folder, 'own', 'database', 'postmaster.pid'), stale);
    server = await start('own', 0);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  it('has no password of its database, and takes away the one of an earlier version', async () => {
    const file = join(folder, 'own', 'database-password');
    await server.close();
    writeFileSync(file, 'of before');
    const rules = join(folder, 'own', 'database', 'pg_hba.conf');
    writeFileSync(rules, 'local all all scram-sha-256\n');
    server = await start('own', 0);
    expect(existsSync(file)).toBe(false);
    expect(readFileSync(rules, 'utf8')).toMatch(/^(local \w+ all peer map=wardline\n){2}$/);
    const client = new pg.Client({
      host: join(folder, 'own', 'socket'),
      user: 'wardline_admin',
      database: 'postgres',
    });
    await client.connect();
    const { rows } = await client.query('select rolname from pg_authid where rolpassword is not null');
    await client.end();
    expect(rows).toEqual([]);
  });

  it('keeps its secrets to its user', () => {
    for (const name of ['cli-token', 'server.json'])
      expect(statSync(join(folder, 'own', name)).mode & 0o777, name).toBe(0o600);
    for (const name of ['database', 'socket', 'spool'])
      expect(statSync(join(folder, 'own', name)).mode & 0o777, name).toBe(0o700);
  });
});

it('shows among the imports that the sample could not be loaded', async () => {
  const dataDir = join(folder, 'sampleless');
  const places = { consoleDir: join(folder, 'none'), sampleDir: join(folder, 'no-such-sample') };
  const server = await startServer({ dataDir, port: 0, log: 'silent', sample: true, ...places });
  const authorization = `Bearer ${readFileSync(join(dataDir, 'cli-token'), 'utf8')}`;
  const ask = async () => {
    const response = await fetch(`${server.url}/api/v1/imports`, { headers: { authorization } });
    return (await response.json()) as { items: ImportJob[] };
  };
  const { items } = await until(ask, (answer) => answer.items.length > 0);
  expect(items).toMatchObject([{ state: 'failed', step: expect.stringContaining('not in this checkout') }]);
  await server.close();
});
