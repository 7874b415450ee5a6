import type { Asset, Service } from '@wardline/model';
import { beforeEach, describe, expect, it } from 'vitest';
import { Hospital, knowledge, T0 } from '../testing/hospital.ts';
import { hardeningOf } from './questions.ts';

let hospital: Hospital;
beforeEach(() => {
  hospital = new Hospital();
});

const scanner = 'Nmap 7.93';

function offer(asset: Asset, port: number, said: Partial<Service> = {}): void {
  asset.services.push({
    transport: 'tcp',
    port,
    application: null,
    protection: 'unknown',
    banner: null,
    clients: 0,
    firstSeen: T0,
    lastSeen: T0,
    evidence: { capture: 'nmap.xml', packet: 7 },
    ...said,
  });
}

const judged = (asset: Asset) => {
  const { items } = hardeningOf(asset, hospital.sightings, knowledge);
  return Object.fromEntries(items.map(({ question, answer, reason }) => [question, `${answer}: ${reason}`]));
};
const rules = () =>
  hospital
    .judge()
    .map(({ rule, service }) => `${rule} ${service?.port ?? '-'}`)
    .filter((text) => !text.startsWith('unidentified'))
    .sort();

describe('a device at the patient', () => {
  it('is not found in order because nobody looked', () => {
    const pump = hospital.add('Pump 7', 'infusion-pump');
    expect(Object.values(judged(pump)).every((answer) => answer.startsWith('unknown'))).toBe(true);
    hospital.sight(pump, 'scan.host', { scanner });
    expect(judged(pump)).toEqual({
      debug: 'met: The scan of 2026-03-01 found none, and none was seen on the wire.',
      services: 'met: The scan of 2026-03-01 found none, and none was seen on the wire.',
      'clear-text': 'met: The scan of 2026-03-01 found none, and none was seen on the wire.',
      credentials: 'unknown: No check of default logins is known.',
      media: 'unknown: No scan with a login has looked for drives that were plugged in.',
    });
    expect(rules()).toEqual([]);
  });

  it('has no open debugger, no service that nobody uses and no login in clear', () => {
    const pump = hospital.add('Pump 7', 'infusion-pump');
    offer(pump, 5555, { application: 'adb', clients: 1 });
    offer(pump, 3389, { application: 'rdp', protection: 'encrypted' });
    offer(pump, 23, { application: 'telnet', protection: 'clear' });
    expect(judged(pump)).toMatchObject({
      debug: 'not-met: Open: Android debug bridge at tcp/5555.',
      services: 'not-met: Open: Remote Desktop at tcp/3389.',
      'clear-text': 'not-met: Open: Telnet at tcp/23.',
    });
    expect(rules()).toEqual(['clear-login-offered 23', 'debug-interface-open 5555', 'unneeded-service 3389']);
    const finding = hospital.judge().find(({ rule }) => rule === 'debug-interface-open');
    expect(finding).toMatchObject({
      severity: 'critical',
      evidence: [{ capture: 'nmap.xml', packet: 7 }],
      summary:
        'Android debug bridge is open on Pump 7, which this infusion pump does not need: whoever reaches it can run programs on the device, in most of its versions without a password, and a misused pump can change or stop what a patient is being given.',
    });
  });

  it('is left to a person where a service is used, or is only usual for its port', () => {
    const pump = hospital.add('Pump 7', 'infusion-pump');
    offer(pump, 445, { application: 'smb', clients: 2 });
    offer(pump, 5555);
    expect(judged(pump)).toMatchObject({
      debug: 'unknown: Open, and not recognised: tcp/5555 (usual for Android debug bridge).',
      services:
        'unknown: In use: Windows file sharing (SMB) at tcp/445 by 2 clients. Whether care needs it, biomedical engineering has to say.',
    });
    offer(pump, 23, { application: 'http', clients: 1 });
    expect(judged(pump)['clear-text']).toMatch(/^unknown: None/);
    expect(rules()).toEqual([]);
  });

  it('is believed to be what the wire shows, not what a scanner took it for', () => {
    const pump = hospital.add('Pump 7', 'infusion-pump');
    const scan = {
      scanner,
      basis: 'answer',
      name: 'telnet',
      software: null,
      lastSeen: T0,
      evidence: { capture: 'a', packet: 1 },
    } as const;
    offer(pump, 9000, { application: 'hl7', clients: 1, scan: { ...scan, contradicted: true } });
    expect(judged(pump)['clear-text']).toMatch(/^unknown: None/);
    expect(rules()).toEqual([]);
    offer(pump, 9001, { scan: { ...scan, contradicted: false } });
    expect(rules()).toEqual(['clear-login-offered 9001']);
  });
});

it('asks of each kind of device what its baseline asks, and nothing of what is not known', () => {
  const asked = (kind: string | null) => {
    const asset = hospital.add(`one ${kind}`, kind);
    offer(asset, 445, { application: 'smb' });
    return hardeningOf(asset, [], knowledge).items.map(({ question }) => question);
  };
  expect(asked('central-station')).toEqual(['debug', 'services', 'clear-text', 'credentials', 'media']);
  expect(asked('pacs')).toEqual(['debug', 'services', 'clear-text', 'credentials']);
  expect(asked('workstation')).toEqual(['debug', 'services', 'credentials']);
  expect(asked(null)).toEqual([]);
  expect(rules()).toEqual([]);
});

it('reports ways in and drives that a scanner found, each service once', () => {
  const monitor = hospital.add('Monitor 1', 'patient-monitor');
  const pacs = hospital.add('PACS', 'pacs');
  hospital.sight(
    monitor,
    'scan.credential',
    { scanner: 'Nessus', check: '11255 root', way: 'default' },
    undefined,
    22,
  );
  hospital.sight(
    monitor,
    'scan.credential',
    { scanner: 'Nessus', check: '12345 admin', way: 'empty' },
    undefined,
    22,
  );
  hospital.sight(
    monitor,
    'scan.credential',
    { scanner: 'Nessus', check: '10079 FTP', way: 'anonymous' },
    undefined,
    21,
  );
  for (const asset of [monitor, pacs])
    hospital.sight(asset, 'scan.media', { scanner: 'Nessus', check: '35730 USB' });
  expect(rules()).toEqual([
    'default-credential-accepted 22',
    'removable-media -',
    'unauthenticated-service 21',
  ]);
  expect(hospital.judge().find(({ rule }) => rule === 'default-credential-accepted')?.summary).toContain(
    'Nessus was let in on Monitor 1 at tcp/22 with a login that anybody can look up or leave empty (11255 root and 12345 admin).',
  );
  expect(judged(monitor)).toMatchObject({
    credentials: expect.stringMatching(/^not-met: A scan was let in: 10079 FTP \(Nessus\), 11255 root/),
    media: 'not-met: Drives were plugged in: 35730 USB (Nessus).',
  });
});

it('tells a default that was tried from one that opened the door', () => {
  const camera = hospital.add('Cam', 'camera');
  const use = { protocol: 'telnet', field: 'password', knownDefault: 'X default' } as const;
  hospital.sight(camera, 'credential.cleartext', { ...use, outcome: 'refused' });
  expect(judged(camera)).toMatchObject({
    credentials: 'unknown: Published passwords were tried; none was seen to open it.',
    'clear-text': 'not-met: Logins passed in clear over Telnet.',
  });
  hospital.sight(camera, 'credential.cleartext', { ...use, outcome: 'accepted' });
  expect(judged(camera).credentials).toBe('not-met: Somebody was let in with a published password.');
});
