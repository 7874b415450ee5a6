import { loadKnowledge } from '@wardline/knowledge';
import { describe, expect, it } from 'vitest';
import { identify } from '../identify.ts';
import { at, conversation, sighting } from '../testing/observe.ts';

const knowledge = loadKnowledge();
const [nurse, pump] = [at('01', '10.0.0.1'), at('02', '10.0.0.2', 7)];
/** As a scanner in another segment sees it: no card, no VLAN. */
const scanned = at(null, '10.0.0.2');
const scanner = 'Nmap 7.93';
const talk = conversation(nurse, pump, 80, { application: 'http', protection: 'clear' });

function pumpOf(...sightings: ReturnType<typeof sighting>[]) {
  const { assets } = identify({ sightings, conversations: [talk], decisions: [] }, knowledge);
  const found = assets.filter((asset) => asset.ips.includes('10.0.0.2'));
  expect(found.length).toBe(1);
  return found[0]!;
}
const open = (port: number, facts: object, when = {}) =>
  sighting('scan.service', scanned, { scanner, basis: 'answer', ...facts } as never, { port, ...when });

describe('a scan', () => {
  it('adds what nobody used, beside what was seen, on the asset that holds the address', () => {
    const { services } = pumpOf(
      open(80, { name: 'http', product: 'nginx', version: '1.2' }),
      open(23, { name: 'telnet' }),
      open(5555, { basis: 'port', name: 'freeciv' }),
    );
    expect(
      services.map(({ port, application, protection, clients, scan }) => [
        port,
        application,
        protection,
        clients,
        scan?.name,
      ]),
    ).toEqual([
      [23, 'telnet', 'clear', 0, 'telnet'],
      [80, 'http', 'clear', 1, 'http'],
      [5555, null, 'unknown', 0, 'freeciv'],
    ]);
    expect(services[1]).toMatchObject({ banner: null, scan: { software: 'nginx 1.2', contradicted: false } });
  });

  it('is contradicted by what was seen, and does not change it', () => {
    const { services } = pumpOf(open(80, { name: 'dicom' }));
    expect(services[0]).toMatchObject({ application: 'http', scan: { name: 'dicom', contradicted: true } });
    expect(pumpOf(open(80, { name: 'dicom', basis: 'port' })).services[0]?.scan?.contradicted).toBe(false);
  });

  it('of several counts as the last one', () => {
    const older = open(23, { name: 'telnet' }, { first: 500 });
    const newer = open(23, { name: 'ssh' }, { first: 5000 });
    for (const order of [
      [older, newer],
      [newer, older],
    ])
      expect(pumpOf(...order).services[0]).toMatchObject({ application: 'ssh', lastSeen: 5000 });
  });

  it('names the system only where nothing on the wire does', () => {
    const os = sighting('scan.host', scanned, { scanner, os: 'Windows 10', accuracy: 96 });
    expect(pumpOf(os).os.value).toBe('Windows 10');
    const unsure = sighting('scan.host', scanned, { scanner, os: 'Windows 10', accuracy: 50 });
    expect(pumpOf(unsure).os.value).toBeNull();
    const seen = sighting('smb.host', pump, { role: 'server', os: 'Windows 7 Professional 7601' });
    const both = pumpOf(os, seen).os;
    expect(both.value).toContain('Windows 7');
    expect(both.conflicts.map(({ value }) => value)).toContain('Windows 10');
  });

  it('lists software once, with the last time', () => {
    const cpe = 'cpe:/a:openbsd:openssh:7.4';
    const one = (first: number) => sighting('scan.software', scanned, { scanner, cpe }, { first });
    expect(pumpOf(one(500), one(900)).scannedSoftware).toMatchObject([{ cpe, lastSeen: 900 }]);
    expect(pumpOf().scannedSoftware).toBeUndefined();
  });
});
