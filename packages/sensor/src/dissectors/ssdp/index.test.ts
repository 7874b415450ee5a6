import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { runDatagram } from '../../testing/harness.ts';
import { ssdp } from './index.ts';

const lines = [
  'SERVER: Linux/3.14 UPnP/1.0 Acme/1.9',
  'LOCATION: http://user:pw@10.0.0.2:8080/description.xml?patient=Doe',
  'USN: uuid:2f402f80::upnp:rootdevice',
];
const notify = ['NOTIFY * HTTP/1.1', 'NT: upnp:rootdevice', ...lines, '', ''].join('\r\n');
const response = ['HTTP/1.1 200 OK', 'ST: upnp:rootdevice', ...lines, '', ''].join('\r\n');
const search =
  'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n';
const facts = {
  server: 'Linux/3.14 UPnP/1.0 Acme/1.9',
  type: 'upnp:rootdevice',
  usn: 'uuid:2f402f80::upnp:rootdevice',
  location: 'http://10.0.0.2:8080',
};

describe('ssdp', () => {
  it('states what a device announces and answers, of its location the origin only', () => {
    for (const message of [notify, response]) {
      expect(runDatagram(ssdp, [['server', message]]).sightings.map((sighting) => sighting.facts)).toEqual([
        facts,
      ]);
    }
  });

  it('states nothing of a search', () => {
    const run = runDatagram(ssdp, [['client', search]]);
    expect([run.recognised, run.sightings]).toEqual(['yes', []]);
  });

  it('does not take other HTTP', () => {
    expect(runDatagram(ssdp, [['server', 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\n']]).recognised).toBe('no');
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(Uint8Array.from(notify, (c) => c.charCodeAt(0)))) {
      runDatagram(ssdp, [['server', damaged]], { force: true });
    }
  });
});
