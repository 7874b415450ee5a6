import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packetArbitrary } from '../testing/random.ts';
import { mergeRanges } from './addresses.ts';
import { intersectAll, subtractAll } from './boxes.ts';
import { ALL, Diagrams, NONE } from './diagrams.ts';
import { type Box, contains, type Field, fields } from './packet.ts';

const ends: Record<Field, readonly bigint[]> = {
  source: [0n, 0x0a000000n, 0x0a000001n, 0x0a0000ffn, 0xffffffffn],
  destination: [0n, 0x0a000001n, 0x0a000002n, 0xc0a80707n, 0xffffffffn],
  protocol: [0n, 1n, 6n, 17n, 58n, 255n],
  destinationPort: [0n, 22n, 80n, 104n, 65_535n],
  sourcePort: [0n, 8n, 22n, 49_152n, 65_535n],
  established: [0n, 1n],
};

const rangesArbitrary = (field: Field) =>
  fc
    .array(fc.tuple(fc.constantFrom(...ends[field]), fc.constantFrom(...ends[field])), {
      minLength: 1,
      maxLength: 3,
    })
    .map((pairs) =>
      mergeRanges(pairs.map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a }))),
    );

const boxArbitrary: fc.Arbitrary<Box> = fc
  .tuple(...fields.map((field) => fc.option(rangesArbitrary(field), { nil: undefined })))
  .map((row) =>
    Object.fromEntries(fields.map((field, index) => [field, row[index]]).filter(([, r]) => r !== undefined)),
  );

const boxesArbitrary = fc.array(boxArbitrary, { maxLength: 4 });
const family4 = packetArbitrary.filter(({ family }) => family === 4);

it('holds a packet exactly where one of its boxes does, in every operation', () => {
  fc.assert(
    fc.property(
      boxesArbitrary,
      boxesArbitrary,
      fc.array(family4, { minLength: 20, maxLength: 20 }),
      (a, b, packets) => {
        const diagrams = new Diagrams(4, [...a, ...b]);
        const [left, right] = [a, b].map((boxes) =>
          diagrams.union(boxes.map((box) => diagrams.ofBox(box))),
        ) as [number, number];
        const [both, either, without] = [
          diagrams.intersect(left, right),
          diagrams.union([left, right]),
          diagrams.subtract(left, right),
        ];
        for (const packet of packets) {
          const [inA, inB] = [a, b].map((boxes) => boxes.some((box) => contains(box, packet)));
          expect(diagrams.has(left, packet)).toBe(inA);
          expect(diagrams.has(both, packet)).toBe(inA && inB);
          expect(diagrams.has(either, packet)).toBe(inA || inB);
          expect(diagrams.has(without, packet)).toBe(inA && !inB);
        }
      },
    ),
    { numRuns: 400 },
  );
});

it('gives equal sets the same node, whatever they were made from', () => {
  fc.assert(
    fc.property(boxesArbitrary, boxesArbitrary, (a, b) => {
      const diagrams = new Diagrams(4, [...a, ...b]);
      const set = (boxes: readonly Box[]) => diagrams.union(boxes.map((box) => diagrams.ofBox(box)));
      const [left, right] = [set(a), set(b)];
      expect(diagrams.union([right, left])).toBe(diagrams.union([left, right]));
      expect(set(intersectAll(a, b))).toBe(diagrams.intersect(left, right));
      expect(set(subtractAll(4, a, b))).toBe(diagrams.subtract(left, right));
      expect(set(diagrams.boxes(left))).toBe(left);
      expect(diagrams.union([diagrams.subtract(left, right), diagrams.intersect(left, right)])).toBe(left);
    }),
    { numRuns: 400 },
  );
});

it('counts packets, and picks one that it holds', () => {
  fc.assert(
    fc.property(boxesArbitrary, boxesArbitrary, (a, b) => {
      const diagrams = new Diagrams(4, [...a, ...b]);
      const [left, right] = [a, b].map((boxes) =>
        diagrams.union(boxes.map((box) => diagrams.ofBox(box))),
      ) as [number, number];
      const count = (node: number) => diagrams.count(node);
      expect(count(diagrams.union([left, right])) + count(diagrams.intersect(left, right))).toBe(
        count(left) + count(right),
      );
      const packet = diagrams.pick(left);
      expect(packet === null).toBe(left === NONE);
      if (packet !== null) expect(diagrams.has(left, packet)).toBe(true);
    }),
    { numRuns: 300 },
  );
  expect(new Diagrams(4, []).count(ALL)).toBe(2n ** (32n + 32n + 8n + 16n + 16n + 1n));
});
