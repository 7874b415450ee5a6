import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnforcementPoint } from '@wardline/model';
import { describePacket } from '@wardline/policy';
import { type RunningServer, startServer } from '@wardline/server';
import { serverFolder } from '@wardline/server/testing/given';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { say } from '../gateway/runtime.ts';
import { bin, wardline } from '../testing/run.ts';
import { gatewaySessionsIn, workersIn } from './haproxy-answers.ts';
import { canForward, Gateway } from './testing/gateway.ts';

// A gateway of a real HAProxy, in the way of packets between two namespaces, that people command from a real server.

const possible = canForward && existsSync('/usr/sbin/haproxy') && existsSync('/usr/bin/openssl');
/** Packets to the device are taken to HAProxy, and what answers the clients that it speaks for, too. */
const STEER = `table inet steer {
  chain taken {
    type filter hook prerouting priority mangle
    meta l4proto tcp socket transparent 1 meta mark set 1 accept
    ip daddr 10.91.2.2 tcp dport 104 tproxy ip to :104 meta mark set 1 accept
    ip daddr 10.91.2.2 tcp dport 105 tproxy ip to :105 meta mark set 1 accept
  }
}
`;
/** Shows the certificate, says something, and tells what comes back and the end. */
const CLIENT = `
const { readFileSync } = require('node:fs');
const [folder, port] = process.argv.slice(1);
const pem = readFileSync(folder + '/gateway.pem');
const socket = require('node:tls').connect({ host: '10.91.2.2', port, cert: pem, key: pem, rejectUnauthorized: false });
socket.on('data', (chunk) => process.stdout.write(chunk));
socket.on('error', () => {});
socket.on('close', () => { console.log('closed'); process.exit(); });
socket.on('secureConnect', () => socket.write('image\\n'));
`;

describe.skipIf(!possible)('a gateway of HAProxy that obeys', () => {
  let gateway: Gateway;
  let folder: string;
  let server: RunningServer;
  let database: pg.Client;
  let reporting: ReturnType<typeof spawn>;
  const at = (name: string) => join(folder, name);
  const there = () => ['--server', server.url, '--data', at('data')];
  const enforcement = async (...args: string[]) => {
    const { code, stdout, stderr } = await wardline(['enforcement', ...args, ...there()]);
    expect(code, stderr).toBe(0);
    return stdout;
  };
  const order = (act: string, ...args: string[]) =>
    enforcement('order', 'door', act, ...args, '--reason', 'a test');
  const headers = () => ({
    authorization: `Bearer ${readFileSync(at('data/cli-token'), 'utf8').trim()}`,
    'content-type': 'application/json',
  });
  async function post(path: string, body: object): Promise<void> {
    const sent = { method: 'POST', headers: headers(), body: JSON.stringify(body) };
    const answer = await fetch(`${server.url}/api/v1/${path}`, sent);
    expect(answer.status, await answer.clone().text()).toBe(200);
  }
  async function point(): Promise<EnforcementPoint> {
    const answer = await fetch(`${server.url}/api/v1/enforcement`, { headers: headers() });
    const { points } = (await answer.json()) as { points: EnforcementPoint[] };
    return points.find(({ name }) => name === 'door')!;
  }
  const eventually = (what: () => unknown) => expect.poll(what, { timeout: 90_000, interval: 200 });
  const done = (version: number | null) =>
    eventually(async () => [(await point()).version, (await point()).order]).toEqual([version, null]);

  /** As two people would; who they are is tried elsewhere. */
  async function inForce(text: string): Promise<void> {
    await database.query(`update policy_version set state = 'superseded' where state = 'approved'`);
    await database.query(
      `insert into policy_version (number, name, text, digest, state, authors, effect, proposed, proposed_by, proposed_act)
       select coalesce(max(number), 0) + 1, 'Door', $1, $2, 'approved', '{}', '{}', 1, 'test', 1 from policy_version`,
      [text, createHash('sha256').update(text).digest('hex')],
    );
  }

  function connect(port: number): () => string {
    const child = gateway.start('client', process.execPath, '-e', CLIENT, at('proxy'), String(port));
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    return () => text;
  }
  const opens = async (port: number) => {
    const said = connect(port);
    await eventually(() => said() !== '').toBe(true);
    return said().includes('image');
  };
  const workers = async () => workersIn(await say(at('proxy/master.sock'), 'show proc'));

  beforeAll(async () => {
    folder = serverFolder('haproxy');
    mkdirSync(at('proxy'));
    const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test'.split(
      ' ',
    );
    execFileSync('openssl', [...made, '-keyout', 'key.pem', '-out', 'authorities.pem'], {
      cwd: at('proxy'),
      stdio: 'ignore',
    });
    const both = ['authorities.pem', 'key.pem'].map((name) => readFileSync(at(`proxy/${name}`), 'utf8'));
    writeFileSync(at('proxy/gateway.pem'), both.join(''));
    server = await startServer({ dataDir: at('data'), port: 0, log: 'silent' });
    database = new pg.Client({ host: at('data/socket'), user: 'wardline', database: 'wardline' });
    await database.connect();
    gateway = new Gateway();
    await gateway.serve(104, 105);
    writeFileSync(at('steer.nft'), STEER);
    gateway.in('gateway', 'nft', '-f', at('steer.nft'));
    gateway.in('gateway', 'ip', 'rule', 'add', 'fwmark', '1', 'lookup', '100');
    gateway.in('gateway', 'ip', 'route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo', 'table', '100');
    await enforcement('add', 'door', '--kind', 'haproxy', '--reason', 'a test');
    const command = ['policy', 'report', '--point', 'door', '--every', '5', '--obey', '--follow'];
    const where = ['--haproxy', at('proxy'), '--state', at('state'), ...there()];
    reporting = spawn(process.execPath, [bin, ...command, ...where], { stdio: 'ignore' });
    await vi.waitFor(() => expect(existsSync(at('proxy/haproxy.cfg'))).toBe(true), { timeout: 90_000 });
    gateway.start('gateway', 'haproxy', '-W', '-S', at('proxy/master.sock'), '-f', at('proxy/haproxy.cfg'));
    await vi.waitFor(() => expect(existsSync(at('proxy/worker.sock'))).toBe(true), { timeout: 90_000 });
  }, 180_000);
  afterAll(async () => {
    reporting?.kill('SIGKILL');
    gateway?.close();
    await database?.end();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const text = (asset: string, port: number) => `policy "Door" version 1
undeclared enforce
zone clients
  members asset is ${asset} and not location is "Apart"
zone spares
  addresses 10.91.8.0/24
zone devices
  addresses 10.91.2.0/24
conduit images
  from clients  to devices  allow tcp ${port}
  mode enforce
conduit spare-images
  from spares  to devices  allow tcp ${port}
  mode enforce
`;

  it('applies, keeps and goes back by orders; a device that is shut out loses its sessions while HAProxy runs on; changes by hand are told', async () => {
    const asset = await device();
    const where = (value: string) =>
      post(`assets/${asset}/approvals`, { attribute: 'location', value, reason: 'a test' });
    await where('Ward 3');
    await inForce(text(asset, 104));
    await eventually(async () => (await point()).drift.map(({ message }) => message)).toEqual([
      'It runs no policy, and version 1 is in force: nothing passes it.',
    ]);
    expect(await opens(104)).toBe(false);
    expect(await enforcement('preview', 'door', 'apply')).toContain('0 conversations would end');
    await order('apply', '--trial', '600');
    await done(1);
    expect([await opens(104), await opens(105)]).toEqual([true, false]);
    expect([(await point()).drift, (await point()).trialUntil === null]).toEqual([[], false]);
    await order('confirm');
    await eventually(async () => (await point()).trialUntil).toBeNull();

    const [before, held] = [await workers(), connect(104)];
    await eventually(held).toContain('image');
    await where('Apart');
    await eventually(held).toContain('closed');
    expect(await workers()).toEqual(before);
    expect(await opens(104)).toBe(false);
    expect(readFileSync(at('proxy/maps/from-1.map'), 'utf8')).not.toContain('10.91.1.2');
    await eventually(async () => (await point()).drift).toEqual([]);
    await where('Ward 3');
    await eventually(() => opens(104)).toBe(true);

    await say(at('proxy/worker.sock'), `add map ${at('proxy/maps/from-1.map')} 10.91.9.0/24 a4_1`);
    await eventually(async () => (await point()).drift.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['changed', 'differs']),
    );

    const old = connect(104);
    await eventually(old).toContain('image');
    await inForce(text(asset, 105));
    await order('apply', '--trial', '600');
    await done(2);
    await eventually(old).toContain('closed');
    expect([await opens(104), await opens(105)]).toEqual([false, true]);
    expect((await point()).drift).toEqual([]);
    await order('go-back');
    await eventually(async () => (await point()).trialUntil).toBeNull();
    expect([await opens(104), await opens(105)]).toEqual([true, false]);
  }, 600_000);

  /** The client of the gateway, as a sensor reports it. */
  async function device(): Promise<string> {
    const seen = Date.now() * 1000;
    const sighting = {
      kind: 'address.seen',
      subject: { mac: '00:09:fb:92:10:11', ip: '10.91.1.2', vlan: null },
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
    const batch = { sensor: 'test', stream: String(seen), number: 1, last: false, conversations: [] };
    await post('intake/batches', { ...batch, sightings: [sighting], statistics });
    const ids = async () =>
      (await database.query<{ id: string }>(`select id from asset where ips @> array['10.91.1.2']`)).rows;
    await eventually(async () => (await ids()).length).toBe(1);
    return (await ids())[0]!.id;
  }
});

it('reads workers and sessions as HAProxy lists them, and nothing of a part of a line', () => {
  const answer = `0x55d0: [27/Nov/2026:10:00:00.000000] id=3 proto=tcpv6 source=::ffff:10.0.0.5:4711
  flags=0x4a, conn_retries=0, conn_exp=<NEVER> conn_et=0x000 srv_conn=0x0, pend_pos=(nil) waiting=0 epoch=0
  frontend=wl_1 (id=2 mode=tcp), listener=? (id=1) addr=::ffff:10.0.0.9:104
  backend=wl_onward (id=3 mode=tcp) addr=10.0.0.5:4711
0x55d1: [27/Nov/2026:10:00:00.000000] id=4 proto=unix_stream source=unix:1
  frontend=GLOBAL (id=0 mode=tcp), listener=? (id=1) addr=unix:1
`;
  expect(gatewaySessionsIn(answer).map(({ id, packet }) => [id, describePacket(packet)])).toEqual([
    ['0x55d0', 'tcp 10.0.0.5:4711 → 10.0.0.9:104'],
  ]);
  for (let length = 0; length < answer.length; length += 1)
    for (const { packet } of gatewaySessionsIn(answer.slice(0, length)))
      expect(packet.destinationPort).toBeLessThan(105n);
  const listed =
    '#<PID> <type>\n3073            master          1\n# workers\n3307            worker          0\n# old workers\n3082            worker          1\n';
  expect(workersIn(listed)).toEqual([3307, 3082]);
});
