import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { expectNothingLeaks } from '../../testing/properties.ts';
import { radius } from './index.ts';
import { MAX_PACKET } from './limits.ts';

const MARK = 'Zzmark';

function attribute(type: number, ...value: (number | string | Uint8Array)[]): Uint8Array {
  const content = bytes(...value);
  return bytes(type, content.length + 2, content);
}

function packet(code: number, id: number, ...attributes: Uint8Array[]): Uint8Array {
  const all = bytes(...attributes);
  return bytes(code, id, u16(20 + all.length), new Uint8Array(16), all);
}

const place = [
  attribute(4, hex('0a000003')),
  attribute(32, 'sw-3'),
  attribute(87, 'Gi1/0/13'),
  attribute(61, u32(15)),
  attribute(31, '02-00-00-00-00-99'),
];
const asks = packet(1, 7, attribute(1, '020000000099'), attribute(2, MARK.padEnd(16)), ...place);
const guarded = attribute(80, new Uint8Array(16));
const station = { nas: 'sw-3', port: 'Gi1/0/13', portType: 'ethernet', proof: 'mac-address' };
const subject = { mac: '02:00:00:00:00:99', ip: null, vlan: null };

describe('radius', () => {
  it('states who asks, for whom, and what became of it', () => {
    const accepts = packet(2, 7, attribute(81, 1, '200'));
    const run = runDatagram(radius, [
      ['client', asks],
      ['server', packet(3, 8)],
      ['server', accepts],
    ]);
    expect(run.sightings.map(({ kind, facts }) => [kind, facts])).toEqual([
      [
        'radius.client',
        { nasIdentifier: 'sw-3', nasAddress: '10.0.0.3', messageAuthenticator: false, password: true },
      ],
      ['radius.station', station],
      ['radius.server', { messageAuthenticator: false }],
      ['radius.station', { ...station, result: 'accepted', vlan: '200' }],
    ]);
    expect(run.sightings.filter(({ kind }) => kind === 'radius.station').map((s) => s.subject)).toEqual([
      subject,
      subject,
    ]);
  });

  it('tells a Message-Authenticator, EAP, and the address that accounting names', () => {
    const eap = packet(1, 1, ...place, attribute(79, hex('02010005 01')), guarded);
    const account = packet(4, 2, ...place, attribute(8, hex('0a000063')));
    const run = runDatagram(radius, [
      ['client', eap],
      ['client', account],
    ]);
    expect(run.sightings[0]?.facts).toMatchObject({ messageAuthenticator: true });
    expect(run.sightings[1]?.facts).toMatchObject({ proof: 'eap' });
    expect(run.sightings[2]?.subject).toEqual({ ...subject, ip: '10.0.0.99' });
  });

  it('reads hardware addresses however they are written, and nothing else as one', () => {
    const macOf = (text: string) =>
      runDatagram(radius, [['client', packet(4, 1, attribute(31, text))]]).sightings[0]?.subject.mac;
    for (const text of ['020000000099', '0200.0000.0099', '02:00:00:00:00:99', '02-00-00-00-00-99'])
      expect(macOf(text)).toBe('02:00:00:00:00:99');
    for (const text of ['+49 30 1234567', '02000000009', '0200000000990', '01-00-00-00-00-99'])
      expect(macOf(text)).toBeUndefined();
  });

  it('keeps user names and passwords behind', () => {
    const run = runDatagram(radius, [
      ['client', packet(1, 1, attribute(1, MARK), attribute(2, MARK), ...place)],
    ]);
    expectNothingLeaks(run, MARK);
    expect(run.sightings[1]?.marks).toHaveLength(1);
  });

  it('tells the server by content', () => {
    expect([radius.serverSide?.(asks), radius.serverSide?.(packet(2, 7))]).toEqual(['receiver', 'sender']);
  });

  it('does not take other datagrams', () => {
    const longest = packet(1, 1, ...Array.from({ length: 16 }, () => attribute(26, new Uint8Array(252))));
    expect(longest.length).toBeLessThanOrEqual(MAX_PACKET);
    expect(runDatagram(radius, [['client', longest]]).recognised).toBe('yes');
    const beyond = packet(1, 1, ...Array.from({ length: 17 }, () => attribute(26, new Uint8Array(252))));
    for (const other of [
      '',
      'GET / HTTP/1.1',
      packet(1, 1),
      bytes(asks, 0),
      beyond,
      bytes(6, asks.subarray(1)),
    ])
      expect(runDatagram(radius, [['client', other]]).recognised).toBe('no');
    const noise = fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => {
      expect(runDatagram(radius, [['client', payload]]).recognised).toBe('no');
    });
    fc.assert(noise, { numRuns: 2000, seed: 20_261 });
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(asks)) runDatagram(radius, [['client', damaged]], { force: true });
  });
});
