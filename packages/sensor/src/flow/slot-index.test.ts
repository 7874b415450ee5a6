import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SlotIndex } from './slot-index.ts';

/** Walks the index as its owners do. */
function has(index: SlotIndex, entry: number, hash: number): boolean {
  for (let at = hash & index.mask; index.slots[at] !== -1; at = (at + 1) & index.mask) {
    if (index.slots[at] === entry) return true;
  }
  return false;
}

test('finds what was added and not removed, with few hashes for many entries', () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(39)), { maxLength: 400, size: 'max' });
  // Hashes that crowd at the end of the slots and wrap to their start.
  const hashes = fc.array(fc.constantFrom(2045, 2046, 2047, 2048, 0, 1, 4095, -1), {
    minLength: 200,
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, hashes, (all, chosen) => {
      const index = new SlotIndex();
      const hashOf = Int32Array.from(chosen);
      const model = new Set<number>();
      for (const [adds, entry] of all) {
        if (adds && !model.has(entry)) {
          index.add(entry, hashOf);
          model.add(entry);
        } else if (!adds && model.has(entry)) {
          index.remove(entry, hashOf);
          model.delete(entry);
        }
      }
      for (let entry = 0; entry < 200; entry++)
        expect(has(index, entry, hashOf[entry]!)).toBe(model.has(entry));
    }),
    { seed: 2, numRuns: 200 },
  );
});

test('grows without losing an entry', () => {
  const index = new SlotIndex();
  const hashes = Int32Array.from({ length: 5000 }, (_, i) => Math.imul(i, 2_654_435_761));
  for (let entry = 0; entry < 5000; entry++) index.add(entry, hashes);
  expect(index.slots.length).toBe(16_384);
  for (let entry = 0; entry < 5000; entry++) expect(has(index, entry, hashes[entry]!)).toBe(true);
});
