import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { runFrame, testClient } from '../../testing/harness.ts';
import { arp } from './index.ts';

const source = { ...testClient, ip: null };

function packet(operation: number, senderIp: string, targetIp: string, mac = '020000000001'): Uint8Array {
  return hex(`0001 0800 06 04 000${operation} ${mac} ${senderIp} 000000000000 ${targetIp}`);
}

function bindings(payload: Uint8Array) {
  return runFrame(arp, [payload], source)
    .sightings.filter(({ kind }) => kind === 'arp.binding')
    .map(({ subject, facts }) => [subject.ip, facts.operation]);
}

describe('arp', () => {
  it('binds the sender of a request and of a reply', () => {
    expect(bindings(packet(1, '0a000001', '0a000002'))).toEqual([['10.0.0.1', 'request']]);
    expect(bindings(packet(2, '0a000001', '0a000002'))).toEqual([['10.0.0.1', 'reply']]);
  });

  it('tells which block of addresses somebody asks for, and not for each', () => {
    const asked = ['0a000011', '0a00001f', '0a000020'].map((target) => packet(1, '0a000001', target));
    const said = runFrame(arp, asked, source).sightings.filter(({ kind }) => kind === 'arp.search');
    expect(said.map(({ facts }) => facts.range)).toEqual(['10.0.0.16/28', '10.0.0.16/28', '10.0.0.32/28']);
  });

  it('binds no address to a probe, and tells an announcement (RFC 5227)', () => {
    expect(bindings(packet(1, '00000000', '0a000002'))).toEqual([[null, 'probe']]);
    expect(bindings(packet(2, '0a000001', '0a000001'))).toEqual([['10.0.0.1', 'announcement']]);
  });

  it('binds what the packet says, and counts that the frame came from another', () => {
    const run = runFrame(arp, [packet(2, '0a000001', '0a000002', '020000000009')], source);
    expect(run.sightings[0]?.subject.mac).toBe('02:00:00:00:00:09');
    expect(run.malformed).toEqual({ 'arp-source-differs': 1 });
  });

  it('refuses other hardware, other lengths and group senders', () => {
    expect(
      runFrame(arp, [hex('0007 0800 01 04 0001 00 00000000 00 00000000 0000000000000000')]).malformed,
    ).toEqual({
      'arp-hardware': 1,
    });
    expect(runFrame(arp, [packet(2, '0a000001', '0a000002', '010000000001')], source).malformed).toEqual({
      'arp-sender': 1,
    });
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(packet(1, '0a000001', '0a000002'))) runFrame(arp, [damaged], source);
  });

  it('binds nothing when cut off', () => {
    for (let length = 0; length < 28; length++) {
      expect(bindings(packet(1, '0a000001', '0a000002').subarray(0, length))).toEqual([]);
    }
  });
});
