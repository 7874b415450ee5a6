import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runPacket } from '../../testing/harness.ts';
import { ndp } from './index.ts';

const router = hex('fe80 0000 0000 0000 0000 0000 0000 0001');
const host = hex('fe80 0000 0000 0000 0000 0000 0000 0017');
const far = hex('2001 0db8 0000 0000 0000 0000 0000 0000');
const mine = '02:00:00:00:00:17';
const from = (ip: string, hopLimit = 255) => ({
  source: { mac: mine, ip, vlan: 7 },
  target: { mac: '33:33:00:00:00:01', ip: 'ff02::1', vlan: 7 },
  hopLimit,
});

const own = bytes(1, 1, hex('020000000017'));
const target = bytes(2, 1, hex('020000000017'));
const solicitation = bytes(135, 0, u16(0), u32(0), router, own);
const probe = bytes(135, 0, u16(0), u32(0), host);
const advertisement = (flags: number, ...options: Uint8Array[]) =>
  bytes(136, 0, u16(0), flags, 0, 0, 0, host, ...options);
const offer = bytes(
  bytes(134, 0, u16(0), 64, 0xc8, u16(1800), u32(0), u32(0)),
  own,
  bytes(3, 4, 64, 0xc0, u32(86_400), u32(14_400), u32(0), far),
  bytes(3, 4, 48, 0x80, u32(0), u32(0), u32(0), far),
  bytes(5, 1, u16(0), u32(1280)),
  bytes(25, 3, u16(0), u32(600), far),
  bytes(31, 3, u16(0), u32(600), 4, 'ward', 7, 'example', 0, 0, 0),
);
const redirected = bytes(137, 0, u16(0), u32(0), router, far);

function bindings(payload: Uint8Array, ip: string) {
  return runPacket(ndp, [payload], from(ip)).sightings.map(({ subject, facts }) => [
    subject.mac,
    subject.ip,
    facts.operation,
  ]);
}

describe('ndp', () => {
  it('binds who asks, who answers and who announces', () => {
    expect(bindings(solicitation, 'fe80::17')).toEqual([[mine, 'fe80::17', 'solicitation']]);
    expect(bindings(advertisement(0x60, target), 'fe80::17')).toEqual([[mine, 'fe80::17', 'advertisement']]);
    expect(bindings(advertisement(0x20, target), 'fe80::17')).toEqual([[mine, 'fe80::17', 'announcement']]);
  });

  it('takes the frame’s sender for the holder where an answer leaves the option out, and nobody else', () => {
    expect(bindings(advertisement(0x60), 'fe80::17')).toEqual([[mine, 'fe80::17', 'advertisement']]);
    expect(bindings(advertisement(0x60), 'fe80::1')).toEqual([]);
  });

  it('binds no address to a probe (RFC 4862 §5.4)', () => {
    expect(bindings(probe, '::')).toEqual([[mine, null, 'probe']]);
  });

  it('states what a router offers; a prefix without lifetime is taken back', () => {
    const { sightings } = runPacket(ndp, [offer], from('fe80::1'));
    expect(sightings.map(({ kind }) => kind)).toEqual(['ndp.binding', 'ndp.router']);
    expect(sightings[1]?.facts).toEqual({
      lifetimeSeconds: 1800,
      managed: true,
      otherConfiguration: true,
      preference: 'high',
      hopLimit: 64,
      prefixes: ['2001:db8::/64'],
      autonomousPrefixes: ['2001:db8::/64'],
      mtu: 1280,
      dnsServers: ['2001:db8::'],
      domains: ['ward.example'],
    });
  });

  it('states a redirection', () => {
    expect(runPacket(ndp, [redirected], from('fe80::1')).sightings[0]?.facts).toEqual({
      nextHop: 'fe80::1',
      destination: '2001:db8::',
    });
  });

  it('believes nothing that crossed a router, nor a router without a link-local address', () => {
    const crossed = runPacket(ndp, [solicitation, offer], from('fe80::17', 254));
    expect(crossed).toMatchObject({ sightings: [], malformed: { 'ndp-hop-limit': 2 } });
    const global = runPacket(ndp, [offer], from('2001:db8::1'));
    expect(global.malformed).toEqual({ 'ndp-router-address': 1 });
    expect(global.sightings.map(({ kind }) => kind)).toEqual(['ndp.binding']);
  });

  it('discards a message with an option of no length (RFC 4861 §7.1)', () => {
    const empty = bytes(solicitation, 14, 0, u16(0), u32(0));
    expect(runPacket(ndp, [empty], from('fe80::17'))).toMatchObject({
      sightings: [],
      malformed: { 'ndp-option-length': 1 },
    });
  });

  it('counts that a frame came from another than it names', () => {
    const other = bytes(135, 0, u16(0), u32(0), router, 1, 1, hex('020000000099'));
    const run = runPacket(ndp, [other], from('fe80::17'));
    expect(run.sightings[0]?.subject.mac).toBe('02:00:00:00:00:99');
    expect(run.malformed).toEqual({ 'ndp-source-differs': 1 });
  });

  it('leaves other ICMPv6 alone', () => {
    expect(runPacket(ndp, [bytes(128, 0, u16(0), u32(7))], from('fe80::17', 64))).toMatchObject({
      sightings: [],
      malformed: {},
    });
  });

  it('takes any damage', () => {
    for (const message of [solicitation, probe, advertisement(0x60, target), offer, redirected]) {
      for (const damaged of allDamage(message)) runPacket(ndp, [damaged], from('fe80::17'));
    }
  });
});
