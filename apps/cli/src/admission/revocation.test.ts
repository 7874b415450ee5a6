import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from '@wardline/agent';
import type { CertificateRow, Trust } from '@wardline/model';
import { signList, toPem } from '@wardline/pki';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assessedAsset, assessmentOf } from '../testing/assessed.ts';
import { serverConfig, switchConfig } from '../testing/freeradius.ts';
import {
  enrolledAgent,
  type IdentityServer,
  identityServer,
  pemOf,
  zoneList,
} from '../testing/identity-server.ts';
import { bin } from '../testing/run.ts';
import type { Event } from './admission.ts';

// Devices that the agent enrolled sign in at a switch (eapol_test) by a real FreeRADIUS; a person revokes one on the real server.

const host = '127.0.0.7';
const SECRET = 'testing-only';
const [RADIUS, LISTEN, COA, CHECKING] = [18_120, 17_410, 13_799, 18_122];
const reason = 'a test';
const needed = ['/usr/sbin/freeradius', '/usr/bin/eapol_test', '/usr/lib/freeradius/rlm_rest.so'];
const possible = process.getuid?.() === 0 && needed.every((file) => existsSync(file));

const strangerRoot = (key: string): string[] =>
  `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${key} -subj /CN=root -days 2`.split(
    ' ',
  );

describe.skipIf(!possible)('admission that follows the lists', () => {
  let server: IdentityServer;
  let names: string[];
  const agents: Agent[] = [];
  const children: ChildProcess[] = [];
  const at = (name: string) => join(server.folder, name);
  const log = (name: string) =>
    existsSync(at(`${name}.log`)) ? readFileSync(at(`${name}.log`), 'utf8') : '';
  const events = () =>
    log('wardline')
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
  const said = (name: string, text: string) =>
    vi.waitFor(() => expect(log(name)).toContain(text), { timeout: 90_000 });
  const state = () => ['--state', at('state'), '--listen', String(LISTEN)];
  const mac = (index: number) => `00:09:fb:00:00:0${index}`;

  function start(name: string, ...command: string[]): void {
    const script = `exec "$@" >${at(`${name}.log`)} 2>&1`;
    children.push(spawn('sh', ['-c', script, 'start', ...command], { stdio: 'ignore' }));
  }

  async function write(name: string, agent: Agent): Promise<void> {
    const { cert, key } = await pemOf(agent);
    writeFileSync(at(`${name}.pem`), cert);
    writeFileSync(at(`${name}.key`), key, { mode: 0o600 });
  }

  /** The VLAN that a device gets, or how its signing in ended. */
  function signIn(index: number): string {
    const name = names[index]!;
    const own = `client_cert="${at(`${name}.pem`)}"\nprivate_key="${at(`${name}.key`)}"`;
    const network = `key_mgmt=IEEE8021X\neap=TLS\neapol_flags=0\nidentity="${name}"\nca_cert="${at('root.pem')}"\n${own}`;
    return signInBy(`network={\n${network}\n}\n`, index);
  }

  function signInBy(profile: string, index: number, port = RADIUS): string {
    writeFileSync(at('device.conf'), profile);
    const pairs = ['-N', '4:x:7f000001', '-N', `5:d:${index}`];
    const asked = ['-c', at('device.conf'), '-p', String(port), '-s', SECRET, '-M', mac(index), '-t', '20'];
    const { stdout } = spawnSync('eapol_test', [...asked, ...pairs], { encoding: 'utf8' });
    if (/EAP: Received EAP-Failure|CTRL-EVENT-EAP-FAILURE/.test(stdout)) return 'EAP-Failure';
    const [, value] =
      /Attribute 81 \(Tunnel-Private-Group-Id\)[^\n]*\n\s+Value: ([0-9a-f]+)/.exec(stdout) ?? [];
    return value === undefined ? stdout.slice(-600) : Buffer.from(value, 'hex').toString('latin1');
  }

  beforeAll(async () => {
    server = await identityServer(host);
    names = server.assets.map((id) => id.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-'));
    for (const index of [0, 1]) {
      agents.push(await enrolledAgent(server, server.assets[index]!));
      await write(names[index]!, agents[index]!);
    }
    await write('radius', await enrolledAgent(server, server.assets[4]!, { profile: 'server' }));
    const list = await zoneList(server);
    writeFileSync(at('ca.pem'), list.authorities);
    const assets = [0, 1].map((index) => assessedAsset(names[index]!, mac(index), 'low', 'printer'));
    writeFileSync(at('a.json'), JSON.stringify(assessmentOf(assets)));
    writeFileSync(
      at('a.policy'),
      'policy "Admission" version 1\nzone printers\n  members class is printer\n',
    );
    writeFileSync(at('secret'), SECRET);
    const plan = {
      zones: [{ zone: 'printers', vlan: 40, accept: ['certificate'], whenAway: 'last' }],
      switches: [{ address: '127.0.0.1', port: COA, secretFile: at('secret') }],
      revocation: { lists: [list.url], file: at('revoked.pem'), authorities: at('ca.pem') },
    };
    writeFileSync(at('plan.json'), JSON.stringify(plan));
    const grounds = [at('a.policy'), at('a.json'), at('plan.json')];
    start('wardline', process.execPath, bin, 'admission', 'serve', ...grounds, ...state());
    await said('wardline', 'new lists');
    const out = ['--out', at('raddb'), '--radius-port', String(RADIUS)];
    execFileSync(process.execPath, [bin, 'admission', 'freeradius', ...state(), ...out]);
    writeFileSync(at('raddb/radiusd.conf'), serverConfig(server.folder, SECRET));
    mkdirSync(at('switch'));
    writeFileSync(at('switch/radiusd.conf'), switchConfig(server.folder, SECRET, COA));
    for (const [name, folder] of [['radius', 'raddb'] as const, ['switch', 'switch'] as const]) {
      start(name, 'freeradius', '-fxx', '-l', 'stdout', '-d', at(folder), '-D', '/usr/share/freeradius');
      await said(name, 'Ready to process requests');
    }
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await server?.close();
  });

  /** A profile of a network as the server exports it, with the device's files in the test's folder. */
  async function profileOf(network: object, index: number): Promise<string> {
    const made = await server.ask<{ id: string }>('supplicants/networks', { ...network, reason });
    const query = `format=wpa-supplicant&asset=${server.assets[index]!}&folder=/etc/device`;
    const path = `supplicants/networks/${made.body.id}/file?${query}`;
    const { text } = (await server.ask<{ text: string }>(path)).body;
    return text
      .replace('/etc/device/device.pem', at(`${names[index]!}.pem`))
      .replace('/etc/device/device.key', at(`${names[index]!}.key`));
  }

  it('lets in by the exported profile, by cable and by WPA3, and the profile believes no other server', async () => {
    const servers = [`${names[4]!}.icu.devices.hospital.example`];
    const wired = await profileOf({ name: 'cable', medium: 'wired', servers }, 0);
    expect(signInBy(wired, 0)).toBe('40');
    const air = { medium: 'wifi', ssid: 'ward „3“' };
    const ward = await profileOf({ name: 'ward', ...air, servers }, 0);
    expect(signInBy(ward, 0)).toBe('40');
    const mixed = { name: 'old ward', ...air, managementFrames: 'optional', servers };
    expect(signInBy(await profileOf(mixed, 0), 0)).toBe('40');
    // A device's own certificate of the same zone is none of a server, and another server's name is not this one's.
    const other = { name: 'other', ...air, servers: ['radius.icu.devices.hospital.example'] };
    expect(signInBy(await profileOf(other, 0), 0)).toBe('EAP-Failure');
    const strangers = Buffer.from(execFileSync('openssl', strangerRoot(at('stranger.key')))).toString(
      'base64',
    );
    const mistrusting = ward.replace(
      /(blob-base64-roots=\{\n)[^}]*/,
      `$1${strangers.replaceAll(/.{76}/g, '$&\n')}\n`,
    );
    expect(signInBy(mistrusting, 0)).toBe('EAP-Failure');
  });

  it('lets in by FreeRADIUS that looks at the lists itself, until the root revokes the zone', async () => {
    const zone = await zoneList(server);
    const own = toPem('X509 CRL', Buffer.from(await (await fetch(zone.url)).arrayBuffer()));
    const serial = (await server.ask<Trust>('trust')).body.authorities[0]!.serial!;
    const out = ['--out', at('checking'), '--radius-port', String(CHECKING)];
    execFileSync(process.execPath, [bin, 'admission', 'freeradius', ...out, ...state()]);
    const config = serverConfig(server.folder, SECRET, { raddb: 'checking', lists: true });
    writeFileSync(at('checking/radiusd.conf'), config);
    const servers = [`${names[4]!}.icu.devices.hospital.example`];
    const profile = await profileOf({ name: 'checked', medium: 'wired', servers }, 1);
    const at0 = Date.now() * 1000;
    // The root alone: with the zones' certificates beside it, FreeRADIUS ends chains at them and finds no list for them.
    const times = { thisUpdate: at0 - 3_600_000_000, nextUpdate: at0 + 86_400_000_000 };
    const revoked = [{ serial, at: at0, reason: 'authority-compromise' as const }];
    for (const [number, list] of [[], revoked].entries()) {
      const root = await signList(server.rootAuthority, { number: number + 1, ...times, revoked: list });
      writeFileSync(
        at('checking/ca.pem'),
        readFileSync(at('root.pem'), 'utf8') + own + toPem('X509 CRL', root),
      );
      const name = `checking-${number}`;
      const from = ['-l', 'stdout', '-d', at('checking'), '-D', '/usr/share/freeradius'];
      start(name, 'freeradius', '-fxx', ...from);
      await said(name, 'Ready to process requests');
      const signedIn = signInBy(profile, 1, CHECKING);
      children.at(-1)!.kill('SIGKILL');
      expect(signedIn, log(name).slice(-6000)).toBe(number === 0 ? '40' : 'EAP-Failure');
    }
  });

  it('lets in what the agent enrolled, ends the port of what was revoked within seconds, and takes it no more', async () => {
    expect([signIn(0), signIn(1)]).toEqual(['40', '40']);
    const [held] = (await server.ask<{ items: CertificateRow[] }>(`certificates?asset=${server.assets[0]!}`))
      .body.items;
    await server.ask(`certificates/${held!.id}/revocation`, { why: 'key-compromise', reason });
    await expect
      .poll(() => events().filter(({ event }) => event === 'ended'))
      .toMatchObject([{ mac: mac(0), because: 'its certificate was revoked (key-compromise)' }]);
    expect(log('switch')).toContain('Received Disconnect-Request');
    expect([signIn(0), signIn(1)]).toEqual(['EAP-Failure', '40']);
  });

  it('lets a device in by its certificate before as long as that holds, since a renewal cuts nobody off', async () => {
    const before = events().filter(({ event }) => event === 'lists').length;
    await agents[1]!.round({ force: true });
    await expect.poll(() => events().filter(({ event }) => event === 'lists').length).toBeGreaterThan(before);
    expect(signIn(1)).toBe('40');
    await write(names[1]!, agents[1]!);
    expect(signIn(1)).toBe('40');
    expect(events().filter(({ event }) => event === 'ended')).toHaveLength(1);
  });
});
