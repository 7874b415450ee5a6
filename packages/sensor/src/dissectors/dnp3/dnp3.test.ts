import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { runDatagram, runStream, type Step } from '../../testing/harness.ts';
import {
  expectDamageHolds,
  expectSameInAnySegmentation,
  expectTruncationHolds,
  factLines,
} from '../../testing/properties.ts';
import { readFrame } from './frame.ts';
import { dnp3, dnp3Datagram } from './index.ts';

/** CRC-16/DNP, bit by bit from the polynomial of IEEE 1815 §9.2.4.3. */
function checksum(bytes: Uint8Array): number[] {
  let sum = 0;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (sum ^ (byte >> bit)) & 1;
      sum = (sum >> 1) ^ (carry === 1 ? 0xa6bc : 0);
    }
  }
  return [~sum & 255, (~sum >> 8) & 255];
}

function frame(fromMaster: boolean, code: number, more = 0): Uint8Array {
  const user = Uint8Array.from([0xc0, 0xc0, code, ...Array<number>(more).fill(7)]);
  const ends = fromMaster ? [4, 0, 3, 0] : [3, 0, 4, 0];
  const head = Uint8Array.from([5, 0x64, user.length + 5, fromMaster ? 0xc4 : 0x44, ...ends]);
  const blocks: number[] = [];
  for (let at = 0; at < user.length; at += 16) {
    const block = user.subarray(at, at + 16);
    blocks.push(...block, ...checksum(block));
  }
  return Uint8Array.from([...head, ...checksum(head), ...blocks]);
}

const conversation: Step[] = [
  ['client', frame(true, 1, 6)],
  ['server', frame(false, 129, 40)],
  ['client', frame(true, 5, 12)],
  ['server', frame(false, 129, 12)],
];
const use = (side: string, address: number, name: string, access: string) =>
  `dnp3.use ${side} {"role":"${side}","address":${address},"function":"${name}","access":"${access}"}`;

describe('dnp3', () => {
  it('tells who reads and who commands without proof', () => {
    expect(factLines(runStream(dnp3, conversation))).toEqual([
      use('client', 3, 'read', 'read'),
      use('server', 4, 'response', 'other'),
      use('client', 3, 'direct-operate', 'command'),
      use('server', 4, 'response', 'other'),
      'service.unauthenticated server {"protocol":"dnp3","operation":"direct-operate"}',
    ]);
  });

  it('says nothing of proof where it is asked for', () => {
    const secured: Step[] = [['client', frame(true, 32)], ...conversation.slice(2)];
    expect(runStream(dnp3, secured).sightings.map(({ kind }) => kind)).not.toContain(
      'service.unauthenticated',
    );
  });

  it('knows a frame by its checksum', () => {
    const good = hex('0564 05c0 0100 0a00 e08c');
    expect(readFrame(good)).toMatchObject({ size: 10, fromMaster: true, source: 10, functionCode: null });
    expect(readFrame(hex('0564 05c0 0100 0a00 e08d'))).toBeNull();
    expect(runStream(dnp3, [['client', hex('0564 05c0 0100 0a00 0000')]]).recognised).toBe('no');
  });

  it('says the same in any segmentation', () => expectSameInAnySegmentation(dnp3, conversation));
  it('holds when cut off or damaged anywhere', () => {
    expectTruncationHolds(dnp3, conversation);
    expectDamageHolds(dnp3, conversation);
    for (const damaged of allDamage(frame(true, 2, 20))) runDatagram(dnp3Datagram, [['client', damaged]]);
  });

  it('shows over UDP who serves', () => {
    expect(dnp3Datagram.serverSide?.(frame(true, 1))).toBe('receiver');
    expect(dnp3Datagram.serverSide?.(frame(false, 129))).toBe('sender');
    expect(factLines(runDatagram(dnp3Datagram, [['client', frame(true, 2)]]))).toEqual([
      use('client', 3, 'write', 'write'),
    ]);
  });
});
