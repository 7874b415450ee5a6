/** Properties that every stream dissector must have, whatever its protocol. For tests only. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { StreamDissector } from '../dissector.ts';
import { type Collected, runStream, type Step } from './harness.ts';

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Steps with bytes instead of text; gaps are left out. */
function bytesOf(steps: readonly Step[]): [Step[0], Uint8Array][] {
  return steps.flatMap(([from, content]): [Step[0], Uint8Array][] => {
    if (typeof content === 'string') return [[from, latin1(content)]];
    return content instanceof Uint8Array ? [[from, content]] : [];
  });
}

/** However the network cuts the bytes, the facts are the same, in the same order. */
export function expectSameInAnySegmentation(dissector: StreamDissector, steps: readonly Step[]): void {
  const whole = runStream(dissector, steps);
  expect(whole.recognised).toBe('yes');
  for (const longest of [1, 2, 3, 7, 64, 700]) {
    for (let seed = 1; seed <= (longest === 1 ? 1 : 6); seed++) {
      expect(runStream(dissector, steps, { seed, longest })).toEqual(whole);
    }
  }
}

/** Cut off at any byte, nothing is thrown, and nothing is said that the whole wouldn't allow by kind. */
export function expectTruncationHolds(dissector: StreamDissector, steps: readonly Step[]): void {
  const parts = bytesOf(steps);
  const total = parts.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const stride = Math.max(1, Math.floor(total / 3000));
  const kinds = new Set(runStream(dissector, steps).sightings.map(({ kind }) => kind));
  for (let length = 0; length <= total; length += stride) {
    for (const { kind } of runStream(dissector, cut(parts, length)).sightings) expect(kinds).toContain(kind);
  }
}

function cut(parts: readonly [Step[0], Uint8Array][], length: number): Step[] {
  let left = length;
  return parts.map(([from, bytes]): Step => {
    const kept = bytes.subarray(0, Math.max(0, left));
    left -= bytes.length;
    return [from, kept];
  });
}

/** Flipped bits, lost bytes and bytes of any kind never make it throw. */
export function expectDamageHolds(dissector: StreamDissector, steps: readonly Step[]): void {
  const parts = bytesOf(steps);
  const total = parts.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const places = fc.array(fc.nat({ max: total * 8 - 1 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(places, fc.boolean(), fc.nat({ max: 30 }), (bits, force, lost) => {
      const damaged: Step[] = flipped(parts, bits);
      if (lost > 0) damaged.splice(Math.min(lost % 7, damaged.length), 0, ['client', { lost }]);
      runStream(dissector, damaged, { force, seed: bits[0] ?? 1, longest: 40 });
    }),
    { numRuns: 300, seed: 20_261_123 },
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (chunks) => {
      const noise = chunks.map((chunk, i): Step => [i % 2 === 0 ? 'client' : 'server', chunk]);
      runStream(dissector, noise, { force: true });
    }),
    { numRuns: 150, seed: 20_261_123 },
  );
}

function flipped(parts: readonly [Step[0], Uint8Array][], bits: readonly number[]): Step[] {
  const copies = parts.map(([from, bytes]): [Step[0], Uint8Array] => [from, new Uint8Array(bytes)]);
  for (const bit of bits) {
    let at = bit >> 3;
    const part = copies.find(([, bytes]) => {
      if (at < bytes.length) return true;
      at -= bytes.length;
      return false;
    });
    if (part) part[1][at] = (part[1][at] ?? 0) ^ (1 << (bit & 7));
  }
  return copies;
}

/** Nothing that was marked as secret or personal is in anything that was said. Marks are compared without case. */
export function expectNothingLeaks(collected: Collected, mark: string): void {
  expect(collected.sightings.length).toBeGreaterThan(0);
  expect(JSON.stringify(collected).toLowerCase()).not.toContain(mark.toLowerCase());
}

/** Facts without endpoints and hashes, as short lines that a person can compare. */
export function factLines(collected: Collected): string[] {
  return collected.sightings.map(({ kind, subject, facts }) => {
    const side = subject.ip === '10.0.0.1' ? 'client' : 'server';
    const shown = Object.entries(facts).filter(([name]) => !name.endsWith('Hash'));
    return `${kind} ${side} ${JSON.stringify(Object.fromEntries(shown))}`;
  });
}
