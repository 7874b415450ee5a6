import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loadKnowledge } from '@wardline/knowledge';
import type { Asset } from '@wardline/model';
import { beforeAll, describe, expect, test } from 'vitest';
import { houseB, rosters } from './house-b/house.ts';
import {
  type Fixture,
  type ObservedFixture,
  observeFixture,
  pathOf,
  readFixture,
} from './observed-fixture.ts';
import { houseA } from './ward/house.ts';
import { registerCsv } from './ward/register.ts';
import { groundTruth, type TruthAsset } from './ward/truth.ts';

const LARGEST = 1024 * 1024;
const recordings = [
  { fixture: 'sample-hospital', house: houseB('shipped') },
  { fixture: 'held-out-hospital', house: houseB('held-out') },
] as const satisfies { fixture: Fixture; house: ReturnType<typeof houseB> }[];

describe.each(recordings)('house B as recorded in $fixture', ({ fixture, house }) => {
  let seen: ObservedFixture;
  beforeAll(async () => {
    seen = await observeFixture(house, fixture);
  });

  function assetsOf(device: TruthAsset): Asset[] {
    return device.routed
      ? seen.assets.filter((asset) => device.ips.some((ip) => asset.ips.includes(ip)))
      : seen.assets.filter((asset) => device.macs.some((mac) => asset.macs.includes(mac)));
  }

  test('goes with the ground truth and the register that the roster writes', () => {
    expect(seen.truth).toEqual(groundTruth(house));
    expect(readFixture(house.files.register, fixture)).toBe(registerCsv(house));
  });

  test('is small, carries every address, and nothing of the machine that recorded it', () => {
    const compressed = readFileSync(pathOf(house.files.capture, fixture));
    expect(compressed.length).toBeLessThan(LARGEST);
    const capture = gunzipSync(compressed);
    const bytesOf = (mac: string) => Buffer.from(mac.replaceAll(':', ''), 'hex');
    const absent = seen.truth.assets.flatMap(({ macs }) =>
      macs.filter((mac) => !capture.includes(bytesOf(mac))),
    );
    expect(absent).toEqual([]);
    expect(capture.includes('wl-testbed')).toBe(false);
    expect(/\bLinux \d+\.\d+\.\d+/.exec(capture.toString('latin1'))?.[0] ?? null).toBe(null);
  });

  test('is read without an error, each device as one asset, and no asset that is not there', () => {
    expect(seen.errors).toBe(0);
    expect(seen.truth.assets.filter((device) => assetsOf(device).length !== 1).map(({ id }) => id)).toEqual(
      [],
    );
    const known = new Set(seen.truth.assets.flatMap(assetsOf).map((asset) => asset.id));
    expect(seen.assets.filter((asset) => !known.has(asset.id)).map((asset) => asset.id)).toEqual([]);
  });

  test('names no wrong serial number', () => {
    for (const device of seen.truth.assets) {
      const serial = assetsOf(device)[0]?.serial.value ?? null;
      if (serial !== null) expect(serial, device.id).toBe(device.serial);
    }
  });

  test('places each device in the VLANs of its own ports', () => {
    const wrong = seen.truth.assets.filter((device) => {
      const found = assetsOf(device)[0]?.vlans ?? [];
      return found.join() !== [...device.vlans].sort((a, b) => a - b).join();
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('shows every service that was used, with its application, and leads to every expected finding', () => {
    const missing = seen.truth.assets.flatMap((device) => {
      const own = assetsOf(device);
      const offered = new Set(
        own.flatMap(({ services }) => services.map((s) => `${s.transport}/${s.port} ${s.application}`)),
      );
      const rules = new Set(
        seen.findings.filter((f) => own.some((asset) => asset.id === f.asset)).map((f) => f.rule),
      );
      const services = device.services.map((s) => `${s.transport}/${s.port} ${s.application}`);
      const lost = [
        ...services.filter((s) => !offered.has(s)),
        ...device.findings.filter((r) => !rules.has(r)),
      ];
      return lost.map((what) => `${device.id} ${what}`);
    });
    expect(missing).toEqual([]);
  });

  test('holds no password and no name of a patient in anything that is kept', () => {
    const kept = JSON.stringify([
      seen.sightings,
      seen.conversations,
      seen.assets,
      seen.findings,
      seen.reconciliation,
    ]).toLowerCase();
    const marked = JSON.parse(readFixture('marked.json')) as { secrets: string[]; patients: string[] };
    const strings = [...marked.secrets, ...marked.patients];
    expect(strings.filter((text) => kept.includes(text.toLowerCase()))).toEqual([]);
  });
});

/** What tshark 4.0 has a dissector for; IntelliVue, ASTM and POCT1-A are not among them. */
const RECOGNISED = (
  'amqp arp bacapp cdp coap dhcp dhcpv6 dns hl7 http kerberos ldap lldp ' +
  'modbus radius rdp rtp rtsp sip smtp snmp syslog tls vnc'
).split(' ');
const DECODED = ['tcp.port==1502,mbtcp', 'tcp.port==5901,vnc', 'tcp.port==6000,hl7', 'udp.port==1812,radius'];
const tshark = spawnSync('tshark', ['--version']).status === 0;

test.skipIf(!tshark).each(recordings)(
  'tshark recognises what is spoken in $fixture',
  ({ fixture, house }) => {
    const path = pathOf(house.files.capture, fixture);
    // Some protocols have no port of their own there; how tshark is told is no matter of the recording.
    const argv = ['-r', path, '-q', '-z', 'io,phs', ...DECODED.flatMap((rule) => ['-d', rule])];
    const { stdout } = spawnSync('tshark', argv, { encoding: 'utf8' });
    const seen = new Set(stdout.split('\n').map((line) => line.trim().split(' ')[0]));
    expect(RECOGNISED.filter((name) => !seen.has(name))).toEqual([]);
  },
);

/** What nothing on the wire says clearly enough yet; a name leaves the list when a rule or a dissector finds it. */
const stillUnknown = new Set([
  'central-b1',
  'mrcon-b1',
  'bms-b1',
  'gasgw-b1',
  'nvr-b1',
  'door-b1',
  'door-b2',
  'acc-b1',
  'rtlsrv-b1',
  'log-b1',
  'ts-b1',
  'pumpsrv-b1',
  'obgw-b1',
]);

describe('house B as it ships', () => {
  const house = houseB('shipped');

  test('has the class of every device right, but for those that are left unknown', async () => {
    const seen = await observeFixture(house);
    const { taxonomy } = seen.knowledge;
    const wrong = seen.truth.assets.filter((device) => {
      const found = seen.assets.find(({ macs, ips }) =>
        device.routed
          ? ips.some((ip) => device.ips.includes(ip))
          : macs.some((mac) => device.macs.includes(mac)),
      );
      const answer = found?.class.value ?? null;
      const wider = answer === null || taxonomy.isKindOf(device.class, answer);
      return answer !== device.class && !(wider && stillUnknown.has(device.id));
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('leaves only the visiting laptop out of the register', async () => {
    const seen = await observeFixture(house);
    const shadow = seen.reconciliation.filter((line) => line.state === 'shadow').map((line) => line.asset);
    const laptop = seen.assets.find(({ macs }) => macs.includes(house.device('pc-b3').mac));
    expect(shadow).toEqual([laptop?.id]);
  });
});

describe('the rosters of house B', () => {
  test.each(Object.keys(rosters) as (keyof typeof rosters)[])('%s has no address or name twice', (name) => {
    const { roster } = houseB(name);
    for (const values of [roster.map((d) => d.mac), roster.map((d) => d.ip), roster.map((d) => d.hostname)])
      expect(new Set(values).size).toBe(values.length);
  });

  test('make twenty-five kinds of devices and more with house A, all of them in the taxonomy', () => {
    const classes = new Set([...houseA.roster, ...houseB('shipped').roster].map((d) => d.class));
    const { taxonomy } = loadKnowledge();
    expect([...classes].filter((id) => !taxonomy.classes.has(id))).toEqual([]);
    expect(classes.size).toBeGreaterThanOrEqual(25);
  });

  test('have no maker in common where it is known, but for great houses with several lines', () => {
    const [a, b] = [houseB('shipped'), houseB('held-out')];
    const same = a.roster.filter((d) => d.vendor !== null && d.vendor === b.device(d.id).vendor);
    expect(same.map(({ id }) => id)).toEqual([]);
  });
});
