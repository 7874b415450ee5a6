import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnforcementPoint } from '@wardline/model';
import { type RunningServer, startServer } from '@wardline/server';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wardline } from '../testing/run.ts';
import { canForward, Gateway } from './testing/gateway.ts';

// A gateway of the Linux kernel that a person commands from the console of a real server.

const text = (port: number) => `policy "House" version 1
undeclared enforce
zone clients
  addresses 10.91.1.0/24
zone servers
  addresses 10.91.2.0/24
conduit images
  from clients  to servers  allow tcp ${port}
  mode enforce
`;
/** In the gateway's namespace, where the server is not: a way to it over a socket in the file system. */
const WAY = `
const { connect, createServer } = require('node:net');
createServer((near) => {
  const far = connect(process.argv[1]);
  near.on('error', () => far.destroy()).pipe(far).on('error', () => near.destroy()).pipe(near);
}).listen(7499, '127.0.0.1', () => console.log('listening'));
`;

describe.skipIf(!canForward)('a gateway that obeys', () => {
  let gateway: Gateway;
  let folder: string;
  let server: RunningServer;
  let database: pg.Client;
  const at = (name: string) => join(folder, name);
  const there = () => ['--server', server.url, '--data', at('data')];
  const enforcement = (...args: string[]) => wardline(['enforcement', ...args, ...there()]);
  const order = (act: string, ...args: string[]) =>
    enforcement('order', 'cellar', act, ...args, '--reason', 'a test');
  const point = async (): Promise<EnforcementPoint> => {
    const headers = { authorization: `Bearer ${readFileSync(at('data/cli-token'), 'utf8').trim()}` };
    const answer = await fetch(`${server.url}/api/v1/enforcement`, { headers });
    return ((await answer.json()) as { points: EnforcementPoint[] }).points[0]!;
  };

  /** As two people would; who they are is tried elsewhere. */
  async function inForce(policy: string): Promise<void> {
    await database.query(`update policy_version set state = 'superseded' where state = 'approved'`);
    const digest = createHash('sha256').update(policy).digest('hex');
    await database.query(
      `insert into policy_version (number, name, text, digest, state, authors, effect, proposed, proposed_by, proposed_act)
       select coalesce(max(number), 0) + 1, 'House', $1, $2, 'approved', '{}', '{}', 1, 'test', 1 from policy_version`,
      [policy, digest],
    );
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-obeying-'));
    chmodSync(folder, 0o711);
    server = await startServer({ dataDir: at('data'), port: 0, log: 'silent' });
    const password = readFileSync(at('data/database-password'), 'utf8');
    database = new pg.Client({ host: at('data/socket'), user: 'wardline', database: 'wardline', password });
    await database.connect();
    gateway = new Gateway();
    await gateway.serve(80, 104);
    const port = Number(new URL(server.url).port);
    createServer((near) => {
      const far = connect(port, '127.0.0.1');
      near
        .on('error', () => far.destroy())
        .pipe(far)
        .on('error', () => near.destroy())
        .pipe(near);
    })
      .listen(at('way'))
      .unref();
    gateway.in('gateway', 'ip', 'link', 'set', 'lo', 'up');
    const way = gateway.start('gateway', process.execPath, '-e', WAY, at('way'));
    await new Promise((resolve) => way.stdout!.once('data', resolve));
    await enforcement('add', 'cellar', '--place', 'Cellar', '--reason', 'a test');
    const forCellar = ['cellar', '--sensor', 'cellar', '--days', '1', '--json', '--reason', 'a test'];
    const made = await wardline(['access', 'token', 'create', ...forCellar, ...there()]);
    const token = JSON.parse(made.stdout) as { secret: string };
    writeFileSync(at('token'), token.secret);
    const reporting = ['report', '--point', 'cellar', '--every', '5', '--obey', '--state', at('state')];
    const where = ['--server', 'http://127.0.0.1:7499', '--token-file', at('token')];
    gateway.start('gateway', process.execPath, ...gateway.command([...reporting, ...where]).slice(4));
  }, 120_000);
  afterAll(async () => {
    gateway?.close();
    await database?.end();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const done = (version: number | null) =>
    expect
      .poll(async () => [(await point()).version, (await point()).order], { timeout: 60_000 })
      .toEqual([version, null]);

  it('puts the version in force in place on trial, keeps it, and goes back, each when a person orders it', async () => {
    await inForce(text(104));
    await expect.poll(async () => (await point()).obeys, { timeout: 30_000 }).toBe(true);
    expect((await enforcement('preview', 'cellar', 'apply')).stdout).toContain('0 conversations would end');
    expect((await order('apply', '--trial', '600')).stdout).toBe('cellar is told to apply.\n');
    await done(1);
    expect([gateway.opens(104), gateway.opens(80, 1)]).toEqual([true, false]);
    const applied = await point();
    expect([applied.drift, applied.trialUntil === null]).toEqual([[], false]);
    expect(applied.stages[0]).toMatchObject({ declaration: 'conduit images', mode: 'enforce' });
    expect(applied.back).toEqual({ policyName: null, version: null });
    await order('confirm');
    await expect.poll(async () => (await point()).trialUntil, { timeout: 30_000 }).toBeNull();
    await order('go-back');
    await done(null);
    expect(gateway.opens(80)).toBe(true);
    expect((await enforcement('show', 'cellar')).stdout).toMatch(
      /go-back by .*: done: No policy runs any more\.\n.*confirm by .*: done: House stays\.\n.*apply by/,
    );
  }, 120_000);

  it('what is not confirmed in time is taken back by the gateway itself; what it cannot do is told as failed', async () => {
    await inForce(text(80));
    await order('apply', '--trial', '10');
    await done(2);
    await expect.poll(async () => (await point()).version, { timeout: 60_000 }).toBeNull();
    expect(gateway.opens(104)).toBe(true);
    await database.query(
      `insert into enforcement_order (id, point, act, ordered, ordered_by) select $1, id, 'confirm', $2, 'test' from enforcement_point`,
      [randomUUID(), Date.now() * 1000],
    );
    await expect
      .poll(async () => (await enforcement('show', 'cellar')).stdout, { timeout: 30_000 })
      .toContain('confirm by test: failed: no policy is on trial');
  }, 120_000);
});
