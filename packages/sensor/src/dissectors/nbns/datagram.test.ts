import { describe, expect, it } from 'vitest';
import { allDamage } from '../../testing/damage.ts';
import { bytes, ip, u16 } from '../../testing/frames.ts';
import { runDatagram } from '../../testing/harness.ts';
import { nbdgm } from './datagram.ts';

function encoded(name: string, suffix: number): Uint8Array {
  const plain = Array.from(bytes(name.padEnd(15), suffix));
  return bytes(32, ...plain.flatMap((byte) => [65 + (byte >>> 4), 65 + (byte & 15)]), 0);
}

function datagram(name: string, suffix: number, source: string): Uint8Array {
  const head = bytes(0x11, 2, u16(7), ip(source), u16(138), u16(68), u16(0));
  return bytes(head, encoded(name, suffix), encoded('RADIOLOGY', 0x1d), 'mailslot');
}

function names(payload: Uint8Array) {
  return runDatagram(nbdgm, [['client', payload]]).sightings.map(({ facts }) => facts);
}

describe('nbdgm', () => {
  it('names the computer that sends, and never a user', () => {
    expect(names(datagram('CT-CONSOLE', 0, '10.0.0.1'))).toEqual([
      { name: 'CT-CONSOLE', suffix: 0, group: false },
    ]);
    expect(names(datagram('DOCTOR', 3, '10.0.0.1'))).toEqual([]);
  });

  it('does not name who only passes a datagram on', () => {
    expect(names(datagram('CT-CONSOLE', 0, '10.0.0.9'))).toEqual([]);
  });

  it('takes any damage', () => {
    for (const damaged of allDamage(datagram('CT-CONSOLE', 0, '10.0.0.1')))
      runDatagram(nbdgm, [['client', damaged]]);
  });
});
