import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { EnforcementPoint } from '@wardline/model';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serverConfig, switchConfig } from '../testing/freeradius.ts';
import { bin, wardline } from '../testing/run.ts';
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
const SECRET = 'testing-only';
const MAC = '00:09:fb:92:10:11';
const why = ['--reason', 'a test'];
const canAdmit = ['/usr/sbin/freeradius', '/usr/bin/radclient', '/usr/lib/freeradius/rlm_rest.so'].every(
  (path) => existsSync(path),
);
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
  const point = async (): Promise<EnforcementPoint> =>
    (await ask<{ points: EnforcementPoint[] }>('enforcement')).points.find(({ name }) => name === 'cellar')!;

  const headers = () => ({
    authorization: `Bearer ${readFileSync(at('data/cli-token'), 'utf8').trim()}`,
    'content-type': 'application/json',
  });
  const ask = async <T>(path: string) =>
    (await (await fetch(`${server.url}/api/v1/${path}`, { headers: headers() })).json()) as T;
  async function post(path: string, body: object): Promise<void> {
    const sent = { method: 'POST', headers: headers(), body: JSON.stringify(body) };
    const answer = await fetch(`${server.url}/api/v1/${path}`, sent);
    expect(answer.status, await answer.clone().text()).toBe(200);
  }

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
    folder = serverFolder('obeying');
    server = await startServer({ dataDir: at('data'), port: 0, log: 'silent' });
    database = new pg.Client({ host: at('data/socket'), user: 'wardline', database: 'wardline' });
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
    const reporting = [
      'report',
      '--point',
      'cellar',
      '--every',
      '5',
      '--obey',
      '--follow',
      '--state',
      at('state'),
    ];
    const where = ['--server', 'http://127.0.0.1:7499', '--token-file', at('token')];
    const command = gateway.command([...reporting, ...where]).slice(4);
    gateway.start(
      'gateway',
      'env',
      `PATH=${nftThatFails()}:${process.env.PATH}`,
      process.execPath,
      ...command,
    );
  }, 300_000);
  afterAll(async () => {
    gateway?.close();
    await database?.end();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A folder with an `nft` that fails, as it does when a table goes while it is read, for as long as a file is there. */
  function nftThatFails(): string {
    const script = `#!/bin/sh
if [ -e '${at('nft-fails')}' ]; then
  echo failed >>'${at('nft-fails')}'
  echo 'No table of that name, all of a sudden' >&2
  exit 1
fi
PATH=/usr/sbin:/sbin:/usr/bin:/bin exec nft "$@"
`;
    mkdirSync(at('programs'));
    writeFileSync(at('programs/nft'), script, { mode: 0o755 });
    return at('programs');
  }

  const done = (version: number | null) =>
    expect
      .poll(async () => [(await point()).version, (await point()).order], { timeout: 90_000 })
      .toEqual([version, null]);

  it('puts the version in force in place on trial, keeps it, and goes back, each when a person orders it', async () => {
    await inForce(text(104));
    await expect.poll(async () => (await point()).obeys, { timeout: 90_000 }).toBe(true);
    expect((await enforcement('preview', 'cellar', 'apply')).stdout).toContain('0 conversations would end');
    expect((await order('apply', '--trial', '600')).stdout).toBe('cellar is told to apply.\n');
    await done(1);
    expect([gateway.opens(104), gateway.opens(80, 1)]).toEqual([true, false]);
    const applied = await point();
    expect([applied.drift, applied.trialUntil === null]).toEqual([[], false]);
    expect(applied.stages[0]).toMatchObject({ declaration: 'conduit images', mode: 'enforce' });
    expect(applied.back).toEqual({ policyName: null, version: null });
    await order('confirm');
    await expect.poll(async () => (await point()).trialUntil, { timeout: 90_000 }).toBeNull();
    await order('go-back');
    await done(null);
    expect(gateway.opens(80)).toBe(true);
    expect((await enforcement('show', 'cellar')).stdout).toMatch(
      /go-back by .*: done: No policy runs any more\.\n.*confirm by .*: done: House stays\.\n.*apply by/,
    );
  }, 300_000);

  it('what is not confirmed in time is taken back by the gateway itself; what it cannot do is told as failed', async () => {
    await inForce(text(80));
    await order('apply', '--trial', '10');
    await expect
      .poll(async () => (await enforcement('show', 'cellar')).stdout, { timeout: 90_000 })
      .toContain('done: Version 2 runs and is proved; on trial until');
    await expect.poll(async () => (await point()).version, { timeout: 90_000 }).toBeNull();
    expect(gateway.opens(104)).toBe(true);
    await database.query(
      `insert into enforcement_order (id, point, act, ordered, ordered_by) select $1, id, 'confirm', $2, 'test' from enforcement_point`,
      [randomUUID(), Date.now() * 1000],
    );
    await expect
      .poll(async () => (await enforcement('show', 'cellar')).stdout, { timeout: 90_000 })
      .toContain('confirm by test: failed: no policy is on trial');
  }, 300_000);

  it('authorises every flow again: a device that turns into something else loses its sessions, a life-critical one never by itself', async () => {
    const { asset, where } = await device();
    await inForce(`policy "Wards" version 1
undeclared enforce
zone clients
  members asset is ${asset} and not location is "Apart"
zone apart
  members location is "Apart"
zone servers
  addresses 10.91.2.0/24
conduit images
  from clients  to servers  allow tcp 104
  mode enforce
`);
    await where('Ward 3');
    await order('apply', '--trial', '600');
    await expect.poll(async () => (await point()).trialUntil, { timeout: 90_000 }).not.toBeNull();
    await order('confirm');
    await expect.poll(async () => (await point()).trialUntil, { timeout: 90_000 }).toBeNull();
    gateway.hold(104);
    writeFileSync(at('nft-fails'), '');
    await where('Apart');
    await expect.poll(() => readFileSync(at('nft-fails'), 'utf8'), { timeout: 90_000 }).toContain('failed');
    rmSync(at('nft-fails'));
    await expect.poll(() => gateway.tracks(104), { timeout: 90_000 }).toBe(false);
    expect(gateway.opens(104, 1)).toBe(false);
    await where('Ward 3');
    await expect.poll(() => gateway.opens(104, 1), { timeout: 90_000 }).toBe(true);
    await approve(asset, 'criticality', 'life-critical');
    gateway.hold(104);
    await where('Apart');
    const { rows } = await untilRows(
      `select held->'to' as to from authorised_asset where asset = $1 and held is not null`,
      asset,
    );
    expect(rows).toEqual([{ to: ['apart'] }]);
    await expect.poll(async () => (await point()).drift, { timeout: 90_000 }).toEqual([]);
    expect([gateway.tracks(104), gateway.opens(104)]).toEqual([true, true]);
    await where('Ward 3');
    await approve(asset, 'criticality', 'medium');
  }, 300_000);

  it.skipIf(!canAdmit)(
    'and FreeRADIUS is answered by the server: the device is asked anew at its port, and gets the other VLAN',
    async () => {
      const { asset, where } = await device();
      await untilRows(
        `select 1 from authorised_asset where asset = $1 and held is null and zones = '{clients}'`,
        asset,
      );
      await enforcement('add', 'radius', '--kind', 'freeradius', '--reason', 'a test');
      writeFileSync(at('secret'), `${SECRET}\n`);
      const zones = [
        { zone: 'clients', vlan: 40, accept: ['address'], whenAway: 'closed' },
        { zone: 'apart', vlan: 50, accept: ['address'], whenAway: 'closed' },
      ];
      const switches = [{ address: '127.0.0.1', port: 3799, secretFile: at('secret') }];
      writeFileSync(at('plan.json'), JSON.stringify({ zones, switches }));
      const made = await wardline([
        'access',
        'token',
        'create',
        'radius',
        '--sensor',
        'radius',
        '--days',
        '1',
        '--json',
        ...why,
        ...there(),
      ]);
      writeFileSync(at('radius-token'), (JSON.parse(made.stdout) as { secret: string }).secret);
      const attending = [
        'admission',
        'attend',
        at('plan.json'),
        '--point',
        'radius',
        '--state',
        at('admission'),
      ];
      const where7499 = ['--server', 'http://127.0.0.1:7499', '--token-file', at('radius-token')];
      logged('attend', process.execPath, bin, ...attending, ...where7499);
      await said('attend', '"event":"listening"');
      await wardline(['admission', 'freeradius', '--state', at('admission'), '--out', at('raddb')]);
      certificateOf(folder);
      writeFileSync(at('raddb/radiusd.conf'), serverConfig(folder, SECRET));
      mkdirSync(at('switch'));
      writeFileSync(at('switch/radiusd.conf'), switchConfig(folder, SECRET));
      const dictionaries = ['-D', '/usr/share/freeradius'];
      logged('radius', 'freeradius', '-f', '-l', 'stdout', '-d', at('raddb'), ...dictionaries);
      logged('switch', 'freeradius', '-fxx', '-l', 'stdout', '-d', at('switch'), ...dictionaries);
      await said('radius', 'Ready to process requests');
      await said('switch', 'Ready to process requests');
      expect(bypass()).toBe('40');
      await where('Apart');
      await said('attend', '"event":"ended"');
      expect(readFileSync(at('switch.log'), 'utf8')).toMatch(/Received Disconnect-Request/);
      expect(bypass()).toBe('50');
      const { points } = await ask<{ points: EnforcementPoint[] }>('enforcement');
      expect(points.find(({ name }) => name === 'radius')).toMatchObject({ kind: 'freeradius', drift: [] });
    },
    120_000,
  );

  /** The client of the gateway, as a sensor reports it; a person says where it stands. */
  async function device(): Promise<{ asset: string; where: (place: string) => Promise<void> }> {
    const seen = Date.now() * 1000;
    const subject = { mac: MAC, ip: '10.91.1.2', vlan: null };
    const sighting = {
      kind: 'address.seen',
      subject,
      service: null,
      peer: null,
      facts: { ttl: 64 },
      marks: [],
      firstSeen: seen,
      lastSeen: seen,
      count: 1,
      evidence: { capture: 'made-up.pcap', packet: 1 },
    };
    const statistics = { packets: 1, bytes: 1, dropped: {}, evicted: {} };
    const stream = String(seen);
    await post('intake/batches', {
      sensor: 'test',
      stream,
      number: 1,
      last: false,
      conversations: [],
      sightings: [sighting],
      statistics,
    });
    const { rows } = await untilRows(`select id from asset where ips @> array[$1]`, '10.91.1.2');
    const asset = (rows[0] as { id: string }).id;
    return { asset, where: (place) => approve(asset, 'location', place) };
  }

  const approve = async (asset: string, attribute: string, value: string): Promise<void> => {
    await post(`assets/${asset}/approvals`, { attribute, value, reason: 'a test' });
  };

  async function untilRows(query: string, value: string): Promise<{ rows: unknown[] }> {
    for (;;) {
      const answer = await database.query(query, [value]);
      if (answer.rows.length > 0) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  function logged(name: string, ...command: string[]): void {
    const script = `exec "$@" >${at(`${name}.log`)} 2>&1`;
    gateway.start('gateway', 'sh', '-c', script, 'start', ...command);
  }

  const said = (name: string, words: string) =>
    vi.waitFor(() => expect(readFileSync(at(`${name}.log`), 'utf8')).toContain(words), { timeout: 90_000 });

  /** The switch asks for the device by its hardware address: the VLAN that it gets. */
  function bypass(): string {
    const bare = MAC.replaceAll(':', '');
    const pairs = `User-Name=${bare},User-Password=${bare},Service-Type=Call-Check,Calling-Station-Id=${MAC.replaceAll(':', '-')},NAS-IP-Address=127.0.0.1,NAS-Port=9`;
    const script = `echo '${pairs}' | radclient -x -t 10 -r 1 127.0.0.1:1812 auth ${SECRET} || true`;
    const answer = gateway.in('gateway', 'sh', '-c', script);
    return /Tunnel-Private-Group-Id:0 = "(\d+)"/.exec(answer)?.[1] ?? answer;
  }
});

/** FreeRADIUS wants a certificate of its own, also where devices show none. */
function certificateOf(folder: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'radius.key'];
  const made = ['req', '-x509', ...key, '-out', 'radius.pem', '-days', '2', '-subj', '/CN=radius'];
  execFileSync('openssl', made, { cwd: folder, stdio: 'ignore' });
  copyFileSync(join(folder, 'radius.pem'), join(folder, 'ca.pem'));
}
