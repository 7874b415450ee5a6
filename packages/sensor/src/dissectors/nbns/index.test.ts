import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { dnsMessage } from '../../testing/dns-message.ts';
import { bytes } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { nbns } from './index.ts';

function plain(name: string, suffix: number): Uint8Array {
  return bytes(name.padEnd(15), suffix);
}

function encoded(name: string, suffix: number): string {
  const halves = Array.from(plain(name, suffix), (byte) => [byte >>> 4, byte & 15]).flat();
  return String.fromCharCode(...halves.map((half) => 65 + half));
}

function registration(name: string, suffix: number, address: string): Uint8Array {
  const owner = { name: encoded(name, suffix), type: 32, data: hex(`0000 ${address}`) };
  return dnsMessage({ flags: 0x2910, questions: [{ name: owner.name, type: 32 }], additionals: [owner] });
}

const status = dnsMessage({
  flags: 0x8400,
  answers: [
    {
      name: encoded('*', 0),
      type: 33,
      data: bytes(
        3,
        plain('CT-CONSOLE', 0),
        hex('0400'),
        plain('RADIOLOGY', 0),
        hex('8400'),
        plain('DOCTOR', 3),
        hex('0400'),
        hex('020000000001'),
      ),
    },
  ],
});

function names(from: 'client' | 'server', payload: Uint8Array) {
  return runDatagram(nbns, [[from, payload]]).sightings.map(({ subject, facts }) => [subject.ip, facts]);
}

describe('nbns', () => {
  it('states a registered name of its owner', () => {
    expect(names('client', registration('CT-CONSOLE', 0x20, '0a000001'))).toEqual([
      ['10.0.0.1', { name: 'CT-CONSOLE', suffix: 32, group: false }],
    ]);
  });

  it('states the names of a node status, never that of a user', () => {
    expect(names('server', status)).toEqual([
      ['10.0.0.2', { name: 'CT-CONSOLE', suffix: 0, group: false }],
      ['10.0.0.2', { name: 'RADIOLOGY', suffix: 0, group: true }],
    ]);
    expect(names('client', registration('DOCTOR', 3, '0a000001'))).toEqual([]);
  });

  it('states nothing of a query, a release or a refusal', () => {
    const query = dnsMessage({ flags: 0x0110, questions: [{ name: encoded('CT-CONSOLE', 0), type: 32 }] });
    expect(names('client', query)).toEqual([]);
    const owner = { name: encoded('CT-CONSOLE', 0), type: 32, data: hex('0000 0a000001') };
    expect(names('client', dnsMessage({ flags: 0x3000, answers: [owner] }))).toEqual([]);
    expect(names('server', dnsMessage({ flags: 0x8586, answers: [owner] }))).toEqual([]);
  });

  it('does not take DNS', () => {
    const query = dnsMessage({ flags: 0x0100, questions: [{ name: 'pacs.ward.example', type: 33 }] });
    expect(runDatagram(nbns, [['client', query]]).recognised).toBe('no');
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(status)) runDatagram(nbns, [['server', damaged]], { force: true });
    for (const damaged of allDamage(registration('A', 0, '0a000001'))) {
      runDatagram(nbns, [['client', damaged]], { force: true });
    }
  });
});
