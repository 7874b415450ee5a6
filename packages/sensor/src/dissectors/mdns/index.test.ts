import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { dnsMessage, dnsName } from '../../testing/dns-message.ts';
import { bytes, u16 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { llmnr, mdns } from './index.ts';

const around = { serverPort: 5353, server: { mac: null, ip: '224.0.0.251', vlan: null } };
const service = '_ipp._tcp.local';

function announcement(instance: string, address: string): Uint8Array {
  const full = `${instance}.${service}`;
  return dnsMessage({
    id: 0,
    flags: 0x8400,
    answers: [
      { name: service, type: 12, data: dnsName(full) },
      { name: full, type: 33, data: bytes(u16(0), u16(0), u16(631), dnsName('printer.local')) },
      { name: full, type: 16, data: bytes(11, 'ty=Acme 700', 11, 'note=Dr Who', 12, 'usb_MFG=Acme') },
      { name: 'printer.local', type: 1, data: hex(address) },
    ],
  });
}

describe('mdns', () => {
  it('puts the records of a service together, and keeps only what describes a product', () => {
    const { sightings } = runDatagram(mdns, [['client', announcement('Acme 700', '0a000001')]], { around });
    expect(sightings.map(({ kind, subject, facts }) => [kind, subject.ip, facts])).toEqual([
      ['mdns.host', '10.0.0.1', { name: 'printer.local' }],
      [
        'mdns.service',
        '10.0.0.1',
        {
          service: '_ipp._tcp',
          instance: 'Acme 700',
          txt: ['ty=Acme 700', 'usb_MFG=Acme'],
          port: 631,
        },
      ],
    ]);
  });

  it('gives the service of a proxy to the host that it is for', () => {
    const { sightings } = runDatagram(mdns, [['client', announcement('Acme 700', '0a000007')]], { around });
    expect(sightings.map(({ subject }) => [subject.mac, subject.ip])).toEqual([
      [null, '10.0.0.7'],
      [null, '10.0.0.7'],
    ]);
  });

  it('leaves out an instance that names its owner', () => {
    const { sightings } = runDatagram(mdns, [['client', announcement("Anna's iPad", '0a000001')]], {
      around,
    });
    expect(JSON.stringify(sightings)).not.toContain('Anna');
  });

  it('states nothing of questions', () => {
    const question = dnsMessage({ id: 0, flags: 0, questions: [{ name: service, type: 12 }] });
    const run = runDatagram(mdns, [['client', question]], { around });
    expect([run.recognised, run.sightings]).toEqual(['yes', []]);
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(announcement('Acme 700', '0a000001'))) {
      runDatagram(mdns, [['client', damaged]], { around, force: true });
    }
  });
});

describe('llmnr', () => {
  it('names the host that answers', () => {
    const answer = dnsMessage({
      flags: 0x8000,
      questions: [{ name: 'CT-CONSOLE', type: 1 }],
      answers: [{ name: 'CT-CONSOLE', type: 1, data: hex('0a000002') }],
    });
    const { sightings } = runDatagram(llmnr, [['server', answer]], { around: { serverPort: 5355 } });
    expect(sightings.map(({ kind, subject, facts }) => [kind, subject.ip, facts.name])).toEqual([
      ['mdns.host', '10.0.0.2', 'CT-CONSOLE'],
      ['name.answer', '10.0.0.2', undefined],
    ]);
  });
});
