import { describe, expect, test } from 'vitest';
import { committed, load } from './corpus.ts';
import { type Input, PORTS, type Step, sizeOf } from './input.ts';
import { allTargets, type Target } from './targets.ts';

/** Inputs of a target that are damaged at every place, the longest first, until so many bytes are used up. */
const CUT_BYTES = 3000;
const FLIPPED_BYTES = 700;
const LONGEST = 700;

const targets = allTargets();

function chosen(target: Target, budget: number): Input[] {
  const inputs = load(committed, target.id)
    .filter((input) => sizeOf(input) > 0 && sizeOf(input) <= LONGEST)
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  let left = budget;
  return inputs.filter((input) => {
    if (sizeOf(input) > left) return false;
    left -= sizeOf(input);
    return true;
  });
}

/** The input cut off behind each of its bytes; what comes before the place is whole. */
function* cuts(input: Input): Generator<Input> {
  for (const [at, step] of input.entries()) {
    if (step.kind === PORTS) continue;
    for (let length = 0; length < step.bytes.length; length++)
      yield [...input.slice(0, at), { kind: step.kind, bytes: step.bytes.subarray(0, length) }];
  }
}

/** The input with each of its bits turned. */
function* flips(input: Input): Generator<Input> {
  for (const [at, step] of input.entries()) {
    for (let bit = 0; bit < step.bytes.length * 8; bit++) yield input.with(at, flipped(step, bit));
  }
}

function* flipsOf(inputs: readonly Input[]): Generator<Input> {
  for (const input of inputs) yield* flips(input);
}

function flipped({ kind, bytes }: Step, bit: number): Step {
  const turned = Uint8Array.from(bytes);
  turned[bit >> 3]! ^= 1 << (bit & 7);
  return { kind, bytes: turned };
}

async function runAll(target: Target, inputs: Iterable<Input>): Promise<number> {
  let runs = 0;
  for (const input of inputs) {
    await target.run(input);
    runs += 1;
  }
  return runs;
}

describe.each(targets)('$id', (target) => {
  test('has a corpus', () => {
    const hint = 'npm run fuzz -- --gather, then npm run fuzz -- --minimise';
    expect(load(committed, target.id).length, hint).toBeGreaterThan(0);
  });

  test('holds what it was found to be sensitive to', async () => {
    for (const input of load(committed, target.id)) {
      await target.run(input);
      target.examine?.(input);
    }
  });

  test('holds cut off at every byte', { timeout: 120_000 }, async () => {
    expect(
      await runAll(
        target,
        chosen(target, CUT_BYTES).flatMap((input) => [...cuts(input)]),
      ),
    ).toBeGreaterThan(0);
  });

  test('holds with every bit turned', { timeout: 120_000 }, async () => {
    expect(await runAll(target, flipsOf(chosen(target, FLIPPED_BYTES)))).toBeGreaterThan(0);
  });
});
