import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assessedAsset, assessmentOf } from '../testing/assessed.ts';
import { serverConfig, switchConfig } from '../testing/freeradius.ts';
import { bin } from '../testing/run.ts';
import type { Event } from './admission.ts';
import { questionOf } from './question.ts';
import { disconnectRequest, isDone } from './radius-packet.ts';

// FreeRADIUS checks certificates and asks Wardline for the decision; eapol_test is the device at the port, and a second
// FreeRADIUS is the switch that takes changes of authorisation.

const needed = [
  '/usr/sbin/freeradius',
  '/usr/bin/eapol_test',
  '/usr/lib/freeradius/rlm_rest.so',
  '/usr/bin/radclient',
];
const possible =
  process.getuid?.() === 0 && needed.every(existsSync) && spawnSync('unshare', ['-n', 'true']).status === 0;

const SECRET = 'testing-only';
const mon = '00:09:fb:92:10:11';
const printer = '00:1e:0b:92:50:01';
const stranger = '02:00:00:00:00:99';
const assessment = assessmentOf([
  assessedAsset('mon-1', mon, 'life-critical', 'patient-monitor'),
  assessedAsset('print-1', printer, 'low', 'printer'),
]);
const policy = `policy "Admission" version 1
zone monitors
  members class is patient-monitor
zone printers
  members class is printer
`;
const plan = (printers: number, away: string) => ({
  zones: [
    { zone: 'monitors', vlan: 20, accept: ['certificate'], whenAway: 'closed' },
    { zone: 'printers', vlan: printers, accept: ['address'], whenAway: away },
  ],
  switches: [{ address: '127.0.0.1', port: 3799, secretFile: '' }],
});

describe.skipIf(!possible)('FreeRADIUS asking Wardline', () => {
  const space = `wla${process.pid % 100_000}`;
  let folder: string;
  const children: ChildProcess[] = [];
  const at = (name: string) => join(folder, name);
  const inside = (...command: string[]) =>
    spawnSync('ip', ['netns', 'exec', space, ...command], { encoding: 'utf8' });
  const log = (name: string) => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '');
  const events = () =>
    log('wardline.log')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Event);

  function start(name: string, ...command: string[]): ChildProcess {
    const script = `exec "$@" >${at(`${name}.log`)} 2>&1`;
    const child = spawn('ip', ['netns', 'exec', space, 'sh', '-c', script, 'start', ...command], {
      stdio: 'ignore',
    });
    children.push(child);
    return child;
  }
  const serve = (name: string) =>
    start(
      name,
      process.execPath,
      bin,
      'admission',
      'serve',
      at('a.policy'),
      at('a.json'),
      at('plan.json'),
      '--state',
      at('state'),
    );
  const writePlan = (printers: number, away: string) => {
    const value = plan(printers, away);
    value.switches[0]!.secretFile = at('secret');
    writeFileSync(at('plan.json'), JSON.stringify(value));
  };

  /** The device signs in with its certificate: the VLAN that it gets, or how it ended. */
  function signIn(mac: string, name: string): string {
    writeFileSync(
      at('device.conf'),
      `network={\nkey_mgmt=IEEE8021X\neap=TLS\neapol_flags=0\nidentity="${name}"\nca_cert="${at('ca.pem')}"\nclient_cert="${at(`${name}.pem`)}"\nprivate_key="${at(`${name}.key`)}"\n}\n`,
    );
    const { stdout } = inside(
      'eapol_test',
      '-c',
      at('device.conf'),
      '-s',
      SECRET,
      '-M',
      mac,
      '-t',
      '20',
      '-N',
      '4:x:7f000001',
      '-N',
      '5:d:7',
    );
    if (/EAP: Received EAP-Failure|CTRL-EVENT-EAP-FAILURE/.test(stdout)) return 'EAP-Failure';
    const [, value] =
      /Attribute 81 \(Tunnel-Private-Group-Id\)[^\n]*\n\s+Value: ([0-9a-f]+)/.exec(stdout) ?? [];
    return value === undefined ? stdout.slice(-600) : Buffer.from(value, 'hex').toString('latin1');
  }

  /** The switch asks for a device by its hardware address. */
  function bypass(mac: string): string {
    const bare = mac.replaceAll(':', '');
    const pairs = `User-Name=${bare},User-Password=${bare},Service-Type=Call-Check,Calling-Station-Id=${mac.replaceAll(':', '-')},NAS-IP-Address=127.0.0.1,NAS-Port=9`;
    const script = `echo '${pairs}' | radclient -x -t 10 -r 1 127.0.0.1:1812 auth ${SECRET}`;
    const { stdout } = inside('sh', '-c', script);
    return /Received Access-Reject/.test(stdout)
      ? 'refused'
      : (/Tunnel-Private-Group-Id:0 = "(\d+)"/.exec(stdout)?.[1] ?? stdout);
  }

  const said = (name: string, text: string) =>
    vi.waitFor(() => expect(log(`${name}.log`)).toContain(text), { timeout: 90_000 });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wardline-admission-'));
    execFileSync('ip', ['netns', 'add', space]);
    execFileSync('ip', ['-n', space, 'link', 'set', 'lo', 'up']);
    writeFileSync(at('a.policy'), policy);
    writeFileSync(at('a.json'), JSON.stringify(assessment));
    writeFileSync(at('secret'), `${SECRET}\n`);
    writePlan(40, 'open');
    for (const name of ['radius', 'mon-1', 'print-1']) certificate(folder, name);
    serve('wardline');
    await said('wardline', 'listening');
    execFileSync(process.execPath, [
      bin,
      'admission',
      'freeradius',
      '--state',
      at('state'),
      '--out',
      at('raddb'),
    ]);
    writeFileSync(at('raddb/radiusd.conf'), serverConfig(folder, SECRET));
    mkdirSync(at('switch'));
    writeFileSync(at('switch/radiusd.conf'), switchConfig(folder, SECRET));
    start('radius', 'freeradius', '-f', '-l', 'stdout', '-d', at('raddb'), '-D', '/usr/share/freeradius');
    start('switch', 'freeradius', '-fxx', '-l', 'stdout', '-d', at('switch'), '-D', '/usr/share/freeradius');
    await said('radius', 'Ready to process requests');
    await said('switch', 'Ready to process requests');
  });
  afterAll(() => {
    for (const pid of spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean))
      spawnSync('kill', ['-9', pid]);
    spawnSync('ip', ['netns', 'delete', space]);
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('gives the VLAN of its zone to a device with its certificate, and a clean failure to one with another’s', () => {
    expect(signIn(mon, 'mon-1')).toBe('20');
    expect(signIn(mon, 'print-1')).toBe('EAP-Failure');
    expect(signIn(stranger, 'mon-1')).toBe('EAP-Failure');
    expect(
      events()
        .filter(({ event }) => event === 'decided')
        .map(({ because }) => because),
    ).toEqual(['it is in monitors', "the certificate is print-1's", `nobody knows ${stranger}`]);
  });

  it('lets in by the hardware address only where the zone takes that', () => {
    expect(bypass(printer)).toBe('40');
    expect([bypass(mon), bypass(stranger)]).toEqual(['refused', 'refused']);
  });

  it('has a device asked anew at its port when the plan changes, and lets a life-critical one be', async () => {
    const moved = plan(41, 'closed');
    moved.zones[0]!.vlan = 21;
    moved.switches[0]!.secretFile = at('secret');
    writeFileSync(at('plan.json'), JSON.stringify(moved));
    await expect
      .poll(() => events().map(({ event, mac }) => `${event} ${mac ?? ''}`))
      .toContain(`ended ${printer}`);
    expect(log('switch.log')).toMatch(
      /Received Disconnect-Request[\s\S]*Calling-Station-Id = "00-1e-0b-92-50-01"/i,
    );
    expect(events()).toContainEqual(expect.objectContaining({ event: 'kept', mac: mon, asset: 'mon-1' }));
    expect(bypass(printer)).toBe('41');
  });

  it('while Wardline is away: the life-critical device keeps its last answer, a closed zone is refused, an open one is let in', async () => {
    children[0]!.kill('SIGKILL');
    spawnSync('pkill', ['-9', '-f', `admission serve ${at('a.policy')}`]);
    expect(signIn(mon, 'mon-1')).toBe('20');
    expect([signIn(mon, 'print-1'), bypass(mon)]).toEqual(['EAP-Failure', 'refused']);
    expect([bypass(printer), bypass(stranger)]).toEqual(['refused', 'refused']);
    writePlan(40, 'open');
    serve('again');
    await said('again', 'listening');
    spawnSync('pkill', ['-9', '-f', `admission serve ${at('a.policy')}`]);
    expect(bypass(printer)).toBe('40');
  });
});

it('believes an answer only where the switch signed it', () => {
  const session = {
    userName: 'mon',
    nasAddress: '127.0.0.1',
    nasPort: 7,
    callingStation: mon,
    session: null,
  };
  const request = disconnectRequest(9, session, SECRET);
  const forged = Buffer.concat([Buffer.from([41, 9, 0, 20]), Buffer.alloc(16)]);
  expect(isDone(forged, request, SECRET)).toBeNull();
  for (let length = 0; length < 20; length += 1)
    expect(isDone(forged.subarray(0, length), request, SECRET)).toBeNull();
});

it('reads a question whatever it is made of, and takes no device from what is none', () => {
  for (const body of [
    null,
    [],
    'x',
    {},
    { 'Calling-Station-Id': { value: ['../../etc/passwd'] } },
    { 'Calling-Station-Id': 'x' },
  ])
    expect(questionOf(body)).toBeNull();
  expect(questionOf({ 'Calling-Station-Id': { type: 'string', value: ['00-09-FB-92-10-11'] } })).toEqual({
    asking: { mac: mon, method: 'address', name: null },
    session: null,
    serial: null,
  });
});

function certificate(folder: string, name: string): void {
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  if (!existsSync(join(folder, 'ca.pem')))
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
    '-out',
    `${name}.pem`,
  );
}
