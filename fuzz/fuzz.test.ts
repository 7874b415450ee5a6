import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { Chance } from './chance.ts';
import { register, Seen } from './coverage.ts';
import { bounded, CLIENT, decode, encode, type Input, LARGEST_INPUT, SERVER_LOST, sizeOf } from './input.ts';
import { mutate } from './mutate.ts';

const fuzz = (...args: string[]) =>
  spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'fuzz/main.ts', ...args], {
    cwd: new URL('..', import.meta.url).pathname,
    encoding: 'utf8',
  });

describe('the fuzzer', () => {
  test('a short search from fixed seeds finds nothing in any target', { timeout: 300_000 }, () => {
    const { status, stdout, stderr } = fuzz('--all', '--runs', '400', '--seed', '20261125');
    expect(stderr).toBe('');
    expect(status, stdout).toBe(0);
    expect(stdout).toMatch(/^\d+ targets, \d{4,} executions .* 0 findings$/m);
  });

  test('an unknown target is refused with the list of those that there are', () => {
    const { status, stdout } = fuzz('--target', 'nothing');
    expect(status).toBe(2);
    expect(stdout).toContain('dicom/stream');
  });

  test('inputs are kept as they were', () => {
    const input: Input = [
      { kind: CLIENT, bytes: Uint8Array.of(1, 2, 3) },
      { kind: SERVER_LOST, bytes: new Uint8Array(300) },
    ];
    expect(decode(encode(input))).toEqual(input);
    expect(sizeOf(bounded([{ kind: CLIENT, bytes: new Uint8Array(LARGEST_INPUT + 1) }]))).toBe(LARGEST_INPUT);
  });

  test('mutations repeat for the same seed, and write what a comparison wanted', () => {
    const input: Input = [{ kind: CLIENT, bytes: new Uint8Array(Buffer.from('begin GATE end')) }];
    const comparisons = [{ seen: 'GATE', wanted: 'OPEN' }];
    const search = (seed: number) => {
      const chance = new Chance(seed);
      return Array.from({ length: 400 }, () =>
        Buffer.from(
          mutate(input, { chance, kinds: [0], tokens: [], comparisons, other: input })[0]?.bytes ?? [],
        ).toString(),
      );
    };
    expect(search(1)).toEqual(search(1));
    expect(search(1)).not.toEqual(search(2));
    expect(search(1)).toContain('begin OPEN end');
  });

  test('only what was not seen before is new', () => {
    const seen = new Seen();
    const branch = register.branch();
    const times = (count: number) => {
      register.reset();
      register.counters[branch] = count;
      return seen.learn();
    };
    expect([times(1), times(1), times(2), times(40), times(41)]).toEqual([true, false, true, true, false]);
    expect(seen.branches).toBe(1);
  });
});
