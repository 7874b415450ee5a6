import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledge, envelop, MllpReader } from './mllp.ts';

const message = 'MSH|^~\\&|CT|RAD|LIS|LAB|20261123||ADT^A01^ADT_A01|C42|P|2.5.1\rPID|1\r';

describe('MLLP', () => {
  test('takes messages out of bytes that are cut anywhere', () => {
    const wire = Buffer.concat([envelop(message), envelop('second'), envelop('third')]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: wire.length }), { maxLength: 8 }), (cuts) => {
        const reader = new MllpReader();
        const ends = [...cuts.sort((a, b) => a - b), wire.length];
        const taken = ends.flatMap((end, n) => reader.push(wire.subarray(n === 0 ? 0 : ends[n - 1], end)));
        expect(taken).toEqual([message, 'second', 'third']);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test('passes over what stands between two envelopes', () => {
    expect(new MllpReader().push(Buffer.concat([Buffer.from('noise'), envelop('one')]))).toEqual(['one']);
  });

  test('acknowledges with sender and receiver in each other’s place', () => {
    const [header, answer] = acknowledge(message).split('\r');
    expect(header).toBe('MSH|^~\\&|LIS|LAB|CT|RAD|20261123||ACK^A01^ACK|AC42|P|2.5.1');
    expect(answer).toBe('MSA|AA|C42');
  });
});
