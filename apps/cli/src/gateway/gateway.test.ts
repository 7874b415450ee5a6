import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bin } from '../testing/run.ts';
import type { MapStatus } from './gateway.ts';
import { CONNECTIONS } from './limits.ts';
import { gatewayPlanFrom } from './plan.ts';
import { peersIn, sessionsIn } from './runtime.ts';

const possible =
  process.getuid?.() === 0 &&
  existsSync('/usr/sbin/haproxy') &&
  spawnSync('unshare', ['-n', 'true']).status === 0;

/** `client NAME PORT`: shows a certificate (none for `-`), says what comes back and how it ended. */
const CLIENT = `
const fs = require('node:fs'), tls = require('node:tls'), net = require('node:net');
const [folder, name, port] = process.argv.slice(1);
const file = (one) => fs.readFileSync(folder + '/' + one);
const own = ['-', 'plain'].includes(name) ? {} : { cert: file(name + '.pem'), key: file(name + '.key') };
const socket = name === 'plain' ? net.connect(port, '127.0.0.1')
  : tls.connect({ host: '127.0.0.1', port, ca: file('ca.pem'), servername: 'gateway', ...own });
socket.on('data', (chunk) => process.stdout.write(chunk));
socket.on('error', (error) => process.stdout.write('error '));
socket.on('close', () => { console.log('closed'); process.exit(); });
socket.on(name === 'plain' ? 'connect' : 'secureConnect', () => socket.write('hello\\n'));
`;
/** A device that answers in clear on 104, and a server that names the certificate it was shown on 2762. */
const SERVERS = `
const fs = require('node:fs'), tls = require('node:tls'), net = require('node:net');
const [folder] = process.argv.slice(1);
const file = (one) => fs.readFileSync(folder + '/' + one);
net.createServer((socket) => socket.on('error', () => {}).on('data', () => socket.write('device\\n'))).listen(104, '127.0.0.1', () =>
  tls.createServer({ cert: file('pacs.pem'), key: file('pacs.key'), ca: file('ca.pem'), requestCert: true, rejectUnauthorized: true },
    (socket) => socket.on('error', () => {}).on('data', () => socket.write('server saw ' + socket.getPeerCertificate().subject.CN + '\\n')))
    .listen(2762, '127.0.0.1', () => console.log('listening')));
`;

describe.skipIf(!possible)('a gateway of HAProxy', () => {
  const space = `wlg${process.pid % 100_000}`;
  let folder: string;
  let haproxy: ChildProcess;
  const at = (name: string) => join(folder, name);
  const inside = (...command: string[]) => ['netns', 'exec', space, ...command];

  function start(...command: string[]): { child: ChildProcess; said: () => string } {
    const child = spawn('ip', inside(...command), { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    return { child, said: () => text };
  }
  const connect = (name: string, port: number) =>
    start(process.execPath, '-e', CLIENT, folder, name, String(port));
  const until = (said: () => string, text: string) =>
    vi.waitFor(() => expect(said()).toContain(text), { timeout: 90_000, interval: 20 });
  const gateway = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(
      'ip',
      inside(
        process.execPath,
        bin,
        'gateway',
        args[0]!,
        at('plan.json'),
        '--folder',
        at('gateway'),
        ...args.slice(1),
      ),
      { encoding: 'utf8' },
    );
    return { code: status, text: stdout + stderr };
  };
  const status = () => JSON.parse(gateway('status', '--json').text) as MapStatus[];

  async function startHaproxy(): Promise<void> {
    const { child, said } = start('haproxy', '-W', '-f', at('gateway/haproxy.cfg'));
    haproxy = child;
    await vi.waitFor(() => expect(existsSync(at('sock')), said()).toBe(true), { timeout: 90_000 });
  }
  async function stopHaproxy(): Promise<void> {
    const gone = new Promise((resolve) => haproxy.once('exit', resolve));
    haproxy.kill('SIGTERM');
    await gone;
    rmSync(at('sock'), { force: true });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-gateway-'));
    execFileSync('ip', ['netns', 'add', space]);
    execFileSync('ip', ['-n', space, 'link', 'set', 'lo', 'up']);
    certificates(folder, ['gateway', 'pacs', 'station', 'other', 'pump-12']);
    const place = (port: number) => ({ address: '127.0.0.1', port });
    const plan = {
      certificate: at('gateway.both'),
      authorities: at('ca.pem'),
      socket: at('sock'),
      inwards: [{ device: 'monitor-7', listen: place(9443), to: place(104), peers: ['station'] }],
      outwards: [
        {
          device: 'pump-12',
          from: '127.0.0.1',
          listen: place(8104),
          to: place(2762),
          certificate: at('pump-12.both'),
          serverName: 'pacs',
        },
      ],
    };
    writeFileSync(at('plan.json'), JSON.stringify(plan));
    expect(gateway('compile').code).toBe(0);
    const servers = start(process.execPath, '-e', SERVERS, folder);
    await startHaproxy();
    await until(servers.said, 'listening');
  });
  afterAll(() => {
    const { stdout } = spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' });
    for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
    spawnSync('ip', ['netns', 'delete', space]);
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('lets a certificate that the device’s map names through to it, and no other, and none without', async () => {
    const [known, other, nobody] = [connect('station', 9443), connect('other', 9443), connect('-', 9443)];
    await until(known.said, 'device');
    await Promise.all([until(other.said, 'closed'), until(nobody.said, 'closed')]);
    expect([other.said(), nobody.said()].join()).not.toContain('device');
    known.child.kill();
  });

  it('gives the device its own certificate on its way out', async () => {
    const device = connect('plain', 8104);
    await until(device.said, 'server saw pump-12');
    device.child.kill();
  });

  it('revoked: ends the sessions of that certificate and of no other, and stays so after a restart', async () => {
    gateway('allow', '--peer', 'other', '--device', 'monitor-7');
    const [revoked, other] = [connect('station', 9443), connect('other', 9443)];
    await Promise.all([until(revoked.said, 'device'), until(other.said, 'device')]);
    expect(gateway('revoke', '--peer', 'station').text).toBe('station is shut out; 1 session ended.\n');
    await until(revoked.said, 'closed');
    expect(other.said()).not.toContain('closed');
    expect(status()).toMatchObject([
      { device: 'monitor-7', running: ['other'], sessions: 1, same: true },
      { device: 'pump-12' },
    ]);
    await stopHaproxy();
    expect(gateway('compile').code).toBe(0);
    await startHaproxy();
    const again = connect('station', 9443);
    await until(again.said, 'closed');
    expect(again.said()).not.toContain('device');
  });

  it('shuts a device’s way out and gives it back; tells where what runs is not what is kept', async () => {
    const device = connect('plain', 8104);
    await until(device.said, 'server saw pump-12');
    expect(gateway('revoke', '--device', 'pump-12').text).toContain('1 session ended');
    await until(device.said, 'closed');
    const refused = connect('plain', 8104);
    await until(refused.said, 'closed');
    expect(refused.said()).not.toContain('saw');
    expect(gateway('restore', '--device', 'pump-12').code).toBe(0);
    await until(connect('plain', 8104).said, 'server saw pump-12');
    writeFileSync(
      at('gateway/maps/in-monitor-7.map'),
      `${readFileSync(at('gateway/maps/in-monitor-7.map'), 'utf8')}stranger pass\n`,
    );
    const { code, text } = gateway('status');
    expect([code, text]).toEqual([1, expect.stringContaining('OTHER: other stranger')]);
  });
});

it('reads sessions and peers as HAProxy lists them', () => {
  const answer =
    '0x55d0: proto=tcpv4 src=10.0.0.5:4711 fe=wl_in_monitor-7 be=wl_in_monitor-7_to srv=device ts=00\n0x55d1: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE>\n';
  expect(sessionsIn(answer)).toEqual([
    { id: '0x55d0', address: '10.0.0.5', port: 4711, frontend: 'wl_in_monitor-7' },
    { id: '0x55d1', address: 'unix', port: 1, frontend: 'GLOBAL' },
  ]);
  const table =
    '# table: wl_peers, type: string\n0x1: key=station|4F|10.0.0.5:4711 use=1 exp=9 shard=0 conn_cur=1\n0x2: key=station|4F|10.0.0.5:4712 use=0 exp=9\n';
  expect(peersIn(table)).toEqual([{ name: 'station', serial: '4F', address: '10.0.0.5', port: 4711 }]);
  for (let length = 0; length < table.length; length += 1)
    expect(peersIn(table.slice(0, length)).length).toBeLessThan(2);
});

it('takes a plan of no more devices than a gateway has, and names that need no quoting', () => {
  const inward = (device: string) => ({
    device,
    listen: { address: '10.0.0.1', port: 9443 },
    to: { address: '10.0.0.2', port: 80 },
    peers: [],
  });
  const plan = (inwards: object[]) =>
    JSON.stringify({ certificate: '/a', authorities: '/b', socket: '/c', inwards });
  const many = (count: number) => plan(Array.from({ length: count }, (_, index) => inward(`d${index}`)));
  expect(gatewayPlanFrom('p', many(CONNECTIONS)).inwards).toHaveLength(CONNECTIONS);
  for (const text of [
    many(CONNECTIONS + 1),
    plan([inward('a b')]),
    plan([inward('a\n')]),
    plan([inward('x'), inward('x')]),
    '{',
  ])
    expect(() => gatewayPlanFrom('p', text)).toThrow();
});

function certificates(folder: string, names: readonly string[]): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Test authority',
  );
  for (const name of names) {
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${name}\n`);
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
    const both = ['pem', 'key'].map((end) => readFileSync(join(folder, `${name}.${end}`), 'utf8')).join('');
    writeFileSync(join(folder, `${name}.both`), both, { mode: 0o600 });
  }
}
