import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reassembly } from './reassembly.ts';

const limits = { reorderBytes: 1000, reorderSegments: 16 };

interface Heard {
  data: number[];
  gaps: [at: number, length: number][];
}

function listener(): { heard: Heard; make: (bounds?: typeof limits) => Reassembly } {
  const heard: Heard = { data: [], gaps: [] };
  const receiver = {
    data: (_sideA: boolean, bytes: Uint8Array) => heard.data.push(...bytes),
    gap: (_sideA: boolean, length: number) => heard.gaps.push([heard.data.length, length]),
  };
  return { heard, make: (bounds = limits) => new Reassembly(true, receiver, bounds) };
}

const run = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => (from + i) & 255);

describe('reassembly', () => {
  test('gives the original back however it is cut, repeated, overlapped and shuffled', () => {
    const scenario = fc.record({
      start: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      total: fc.integer({ min: 1, max: 400 }),
      pieces: fc.array(fc.tuple(fc.nat(399), fc.integer({ min: 1, max: 80 })), {
        maxLength: 20,
        size: 'max',
      }),
      swaps: fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 30, size: 'max' }),
      cut: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(scenario, ({ start, total, pieces, swaps, cut }) => {
        const cover: [number, number][] = [];
        for (let at = 0; at < total; at += cut) cover.push([at, Math.min(cut, total - at)]);
        const extra = pieces
          .filter(([at]) => at < total)
          .map(([at, n]): [number, number] => [at, Math.min(n, total - at)]);
        const order = [...cover, ...extra];
        for (const [i, j] of swaps) {
          if (i >= order.length || j >= order.length) continue;
          [order[i], order[j]] = [order[j]!, order[i]!];
        }
        const { heard, make } = listener();
        const reassembly = make({ reorderBytes: 100_000, reorderSegments: 1000 });
        reassembly.startAt(start);
        const memory = new Uint8Array(100);
        for (const [at, n] of order) {
          memory.set(run(at, n));
          reassembly.segment((start + at) | 0, memory.subarray(0, n), 0);
        }
        expect(heard.data).toEqual([...run(0, total)]);
        expect(heard.gaps).toEqual([]);
        expect(reassembly.waitingBytes).toBe(0);
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test('starts in the middle where no SYN was seen', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.segment(5000, run(0, 3), 0);
    reassembly.segment(5003, run(3, 2), 0);
    expect(heard).toEqual({ data: [0, 1, 2, 3, 4], gaps: [] });
  });

  test('declares a hole only when the reorder bound is passed, in bytes', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(0);
    reassembly.segment(10, run(0, 1000), 0);
    expect(heard.gaps).toEqual([]);
    reassembly.segment(1010, run(0, 1), 0);
    expect(heard.gaps).toEqual([[0, 10]]);
    expect(heard.data).toHaveLength(1001);
    expect(reassembly.waitingBytes).toBe(0);
  });

  test('declares a hole only when the reorder bound is passed, in segments', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(0);
    for (let i = 0; i < 16; i++) reassembly.segment(10 + 2 * i, run(i, 1), 0);
    expect(heard.gaps).toEqual([]);
    reassembly.segment(100, run(0, 1), 0);
    expect(heard.gaps).toEqual([[0, 10]]);
    expect(heard.data).toEqual([0]);
  });

  test('gives a hole up when the receiver has it and enough waits behind it', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(0);
    for (let i = 0; i < 7; i++) reassembly.segment(10 + i, run(i, 1), 0);
    reassembly.acknowledged(17);
    expect(heard.gaps).toEqual([]);
    reassembly.segment(17, run(7, 1), 0);
    reassembly.acknowledged(10);
    expect(heard.gaps).toEqual([]);
    reassembly.acknowledged(18);
    expect(heard).toEqual({ data: [0, 1, 2, 3, 4, 5, 6, 7], gaps: [[0, 10]] });
  });

  test('reports bytes that the snap length cut off as a gap', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(0);
    reassembly.segment(0, run(0, 4), 6);
    reassembly.segment(10, run(10, 2), 0);
    expect(heard).toEqual({ data: [0, 1, 2, 3, 10, 11], gaps: [[4, 6]] });
  });

  test('hands over what waits at the end, with its holes, and ignores absurd numbers', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(0);
    reassembly.segment(0x7fffffff, run(0, 4), 0);
    reassembly.segment(3, run(3, 2), 0);
    reassembly.segment(7, run(7, 2), 0);
    reassembly.flush();
    expect(heard).toEqual({
      data: [3, 4, 7, 8],
      gaps: [
        [0, 3],
        [2, 2],
      ],
    });
  });

  test('leaves out what begins behind a FIN, and believes data in its place rather than the FIN', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.segment(0, run(0, 4), 0);
    reassembly.finish(4);
    reassembly.segment(5, run(5, 3), 0);
    reassembly.flush();
    expect(heard).toEqual({ data: [0, 1, 2, 3], gaps: [] });
    reassembly.segment(4, run(4, 2), 0);
    reassembly.segment(6, run(6, 2), 0);
    expect(heard.data).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('leaves out what waited behind the place of a FIN that came later', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.segment(0, run(0, 2), 0);
    reassembly.segment(5, run(5, 3), 0);
    reassembly.finish(4);
    reassembly.segment(2, run(2, 2), 0);
    reassembly.flush();
    expect(heard).toEqual({ data: [0, 1, 2, 3], gaps: [] });
  });

  test('skips keep-alives', () => {
    const { heard, make } = listener();
    const reassembly = make();
    reassembly.startAt(100);
    reassembly.segment(100, run(0, 4), 0);
    reassembly.segment(103, run(9, 1), 0);
    reassembly.segment(104, run(4, 1), 0);
    expect(heard.data).toEqual([0, 1, 2, 3, 4]);
  });
});
