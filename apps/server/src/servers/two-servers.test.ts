import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportJob, Overview } from '@wardline/model';
import type { KyselyPlugin } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FREE_ATTEMPTS } from '../domains/access/sign-in/limits.ts';
import { act } from '../ledger/append.ts';
import { Heads, ledgerSigner } from '../ledger/head.ts';
import { type Cluster, openCluster } from '../store/cluster/cluster.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { hospitalCapture } from '../testing/capture.ts';
import { ledgerSeedOf } from '../testing/ledger-seed.ts';
import { until } from '../testing/running-server.ts';
import { ServerProcess } from '../testing/server-process.ts';
import { SignedIn } from '../testing/signed-in.ts';
import { batch } from '../testing/synthetic.ts';

const folder = mkdtempSync(join(tmpdir(), 'wardline-two-'));
const hasProxy = spawnSync('which', ['haproxy']).status === 0;
let cluster: Cluster;
let client: pg.Client;
let env: Record<string, string>;
let servers: [ServerProcess, ServerProcess];

const start = (name: string) => ServerProcess.start(join(folder, name), env);
const spool = join(folder, 'spool');

beforeAll(async () => {
  cluster = await openCluster(folder, {
    died: () => {},
    restarted: () => {},
    givenUp: () => {},
  });
  const { host, user, database } = cluster.connection;
  env = {
    // The embedded one, started by hand, stands for a server of the hospital's own.
    DATABASE_URL: `postgresql://${user}@/${database}?host=${encodeURIComponent(String(host))}&application_name=hospital`,
    WARDLINE_MASTER_KEY: 'a passphrase that both of them know',
    WARDLINE_SPOOL: spool,
  };
  client = new pg.Client(cluster.connection);
  await client.connect();
  // Both at once, on an empty database.
  servers = await Promise.all([start('one'), start('other')]);
}, 300_000);
afterAll(async () => {
  await ServerProcess.endAll();
  await client?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

const json = { 'content-type': 'application/json' };
const post = <T>(server: ServerProcess, path: string, body: unknown) =>
  server.ask<T>(path, { method: 'POST', headers: json, body: JSON.stringify(body) });

/** A new person, signed in at one of them; the window asks wherever it is told to. */
async function invited(at: ServerProcess, name: string) {
  const { id, link } = await post<{ id: string; link: string }>(at, 'people', { name, reason: 'a test' });
  const window = new SignedIn({ url: at.url } as never);
  expect((await window.open(link)).status).toBe(200);
  return { id, window };
}

/** Names of lists that a console at a server is told of, and whether it is still told. */
async function listening(at: ServerProcess, cookie: string) {
  const answer = await fetch(`${at.url}/api/v1/events`, { headers: { cookie } });
  expect(answer.status).toBe(200);
  const state = { said: '', ended: false };
  const read = async () => {
    for await (const chunk of answer.body!) state.said += Buffer.from(chunk).toString();
    state.ended = true;
  };
  void read().catch(() => {
    state.ended = true;
  });
  return state;
}

it('signs somebody in at one, tells them at the other, and lets them hear and see nothing more when they are gone', async () => {
  const [one, other] = servers;
  const { id, window } = await invited(one, 'Anna');
  const { cookie } = window;
  const mine = await fetch(`${other.url}/api/v1/session`, { headers: { cookie } });
  expect(mine.status).toBe(200);
  const heard = await listening(other, cookie);
  await post(one, 'people', { name: 'Bert', reason: 'a test' });
  await expect.poll(() => heard.said).toContain('event: ledger');
  expect(heard.ended).toBe(false);
  await post(one, `people/${id}/state`, { active: false, reason: 'she left' });
  await expect.poll(() => heard.ended).toBe(true);
  expect((await fetch(`${other.url}/api/v1/session`, { headers: { cookie } })).status).toBe(401);
});

it('counts wrong passwords together', async () => {
  const body = JSON.stringify({ login: 'nobody', password: 'wrong wrong wrong', code: '123456' });
  const waits = [false, false];
  // Counted by each for itself, none would have to wait yet.
  for (let attempt = 0; attempt < 2 * FREE_ATTEMPTS + 2; attempt += 1) {
    const which = attempt % 2;
    const url = `${servers[which]!.url}/api/v1/session/password`;
    const { status } = await fetch(url, { method: 'POST', headers: json, body });
    expect([401, 429]).toContain(status);
    waits[which] ||= status === 429;
  }
  expect(waits).toEqual([true, true]);
});

it('writes one ledger, whose heads both of them sign at once', { timeout: 120_000 }, async () => {
  const busy = servers.flatMap((server, which) => [
    ...Array.from({ length: 15 }, async (_, index) => {
      await post(server, 'people', { name: `P ${which} ${index}`, reason: 'a test' });
    }),
    ...Array.from({ length: 15 }, async () => {
      await server.ask('ledger/checkpoint');
    }),
  ]);
  await Promise.all(busy);
  for (const server of servers) {
    const result = await server.ask<{ faults: unknown[] }>('ledger/verification');
    expect(result.faults).toEqual([]);
  }
  const origins = await Promise.all(
    servers.map((server) => server.ask<{ origin: string }>('ledger/checkpoint')),
  );
  expect(origins[0]!.origin).toBe(origins[1]!.origin);
});

it('takes a head that the other signs meanwhile for no broken tree', async () => {
  const database = openDatabase(cluster.connection, () => {});
  try {
    const signer = ledgerSigner(await ledgerSeedOf(database, folder, env.WARDLINE_MASTER_KEY));
    const headsOf = (name: string, at: Database) => {
      mkdirSync(join(folder, name));
      return new Heads(at, signer, join(folder, name), () => Date.now() * 1000);
    };
    const other = headsOf('signer-other', database);
    const entry = { at: 1, actor: 'server', action: 'a.test', subject: 's', changes: {}, reason: null };
    let isFirst = true;
    // As soon as the one has read how many acts there are, there is another one, and signed.
    const between: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (isFirst) {
          isFirst = false;
          await act(database, entry, async () => {});
          await other.current();
        }
        return result;
      },
    };
    const head = await headsOf('signer-one', database.withPlugin(between)).current();
    expect(isFirst).toBe(false);
    expect((await other.current()).size).toBeGreaterThan(head.size);
  } finally {
    await database.destroy();
  }
});

it('identifies what was handed in at either, once', async () => {
  const [one, other] = servers;
  await Promise.all([
    post(one, 'intake/batches', { ...batch(1, 20), stream: 'a' }),
    post(other, 'intake/batches', { ...batch(1, 20), stream: 'b' }),
  ]);
  await until(
    () => other.ask<{ total: number }>('assets'),
    ({ total }) => total === 21,
  );
});

it('goes on with the capture of a server that was killed over it', { timeout: 90_000 }, async () => {
  const [one, other] = servers;
  const before = (await other.ask<Overview>('overview')).observed.packets;
  // Holds every batch back, so that the import is surely under way.
  await client.query('begin; lock table batch in exclusive mode');
  const job = await one.ask<ImportJob>('imports?name=ward.pcap', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: hospitalCapture(12_000),
  });
  const { holder } = await until(
    async () =>
      (
        await client.query<{ state: string; holder: string | null }>(
          'select state, holder from import where id = $1',
          [job.id],
        )
      ).rows[0]!,
    ({ state }) => state === 'running',
  );
  const victim = holder === (await client.query('select spooled_by from import')).rows[0].spooled_by ? 0 : 1;
  await servers[victim]!.end('SIGKILL');
  await client.query('rollback');
  const rest = servers[1 - victim]!;
  const done = await until(
    () => rest.ask<ImportJob>(`imports/${job.id}`),
    ({ finishedAt }) => finishedAt !== null,
  );
  expect(done).toMatchObject({ state: 'done', packets: 12_000 });
  expect((await rest.ask<Overview>('overview')).observed.packets - before).toBe(12_000);
  // It leaves the disk right after.
  await expect.poll(() => readdirSync(spool)).toEqual([]);
  servers[victim] = await start(victim === 0 ? 'one' : 'other');
});

it('cancels at one what the other reads', { timeout: 90_000 }, async () => {
  await client.query('begin; lock table batch in exclusive mode');
  const job = await servers[0].ask<ImportJob>('imports?name=other.pcap', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: hospitalCapture(11_000),
  });
  await until(
    () => servers[0].ask<ImportJob>(`imports/${job.id}`),
    ({ state }) => state === 'running',
  );
  const cancelled = await Promise.all(
    servers.map((server) => server.ask(`imports/${job.id}`, { method: 'DELETE' }).catch(() => null)),
  );
  expect(cancelled.some((answer) => answer !== null)).toBe(true);
  await client.query('rollback');
  const ended = await until(
    () => servers[1].ask<ImportJob>(`imports/${job.id}`),
    ({ finishedAt }) => finishedAt !== null,
  );
  expect(ended.state).toBe('cancelled');
  await expect.poll(() => readdirSync(spool), { timeout: 90_000 }).toEqual([]);
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

describe.skipIf(!hasProxy)('behind HAProxy', () => {
  it('serves on while one of them dies and comes back', { timeout: 90_000 }, async () => {
    const port = await freePort();
    const lines = servers.map(
      ({ url }, index) => `  server s${index} 127.0.0.1:${new URL(url).port} check inter 200ms fall 1 rise 1`,
    );
    const config = join(folder, 'haproxy.cfg');
    writeFileSync(
      config,
      `defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  retries 3
  option redispatch
  retry-on conn-failure empty-response
frontend console
  bind 127.0.0.1:${port}
  default_backend wardline
backend wardline
  balance roundrobin
  option httpchk
  http-check send meth GET uri /ready ver HTTP/1.1 hdr Host localhost
${lines.join('\n')}
`,
    );
    const proxy = spawn('haproxy', ['-f', config], { stdio: 'ignore' });
    try {
      const url = `http://127.0.0.1:${port}`;
      await until(
        () =>
          fetch(`${url}/ready`).then(
            ({ status }) => status,
            () => 0,
          ),
        (status) => status === 200,
      );
      const { window } = await invited(servers[0], 'Carla');
      const ask = async () =>
        (await fetch(`${url}/api/v1/session`, { headers: { cookie: window.cookie } })).status;
      const statuses: number[] = [];
      for (let count = 0; count < 10; count += 1) statuses.push(await ask());
      await servers[0].end('SIGKILL');
      for (let count = 0; count < 20; count += 1) statuses.push(await ask());
      expect(new Set(statuses)).toEqual(new Set([200]));
    } finally {
      proxy.kill('SIGKILL');
    }
  });
});
