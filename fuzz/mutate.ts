import type { Chance } from './chance.ts';
import type { Comparison, Token } from './coverage.ts';
import { bounded, type Input, type Step } from './input.ts';

/** What a mutation may draw from. */
export interface Material {
  chance: Chance;
  /** Kinds of steps that the target knows. */
  kinds: readonly number[];
  tokens: readonly Token[];
  comparisons: readonly Comparison[];
  /** Another input of the corpus. */
  other: Input;
}

const INTERESTING = [0, 1, 2, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 129, 255, 256, 511, 512, 1023, 1024];
const EXTREMES = [0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
const NUMBERS = [...INTERESTING, ...EXTREMES];
const DIGITS = ['0', '1', '-1', '255', '65535', '65536', '2147483648', '4294967296', '99999999999999999999'];
/** Longest run of bytes that one mutation copies, removes or repeats. */
const LONGEST_RUN = 256;

/** The input with one to eight changes. */
export function mutate(input: Input, material: Material): Input {
  const { chance } = material;
  let steps: Step[] =
    input.length === 0 ? [{ kind: chance.of(material.kinds), bytes: new Uint8Array(1) }] : [...input];
  for (let left = 1 << chance.below(4); left > 0; left--) {
    if (chance.below(6) === 0) steps = chance.of(onSteps)(steps, material);
    else if (steps.length > 0) {
      const at = chance.below(steps.length);
      const { kind, bytes } = steps[at]!;
      steps[at] = { kind, bytes: chance.of(onBytes)(bytes, material) };
    }
  }
  return bounded(steps);
}

type StepMutation = (steps: Step[], material: Material) => Step[];
type ByteMutation = (bytes: Uint8Array, material: Material) => Uint8Array;

const onSteps: readonly StepMutation[] = [
  function split(steps, { chance }) {
    const at = chance.below(steps.length + 1);
    const step = steps[at];
    if (!step || step.bytes.length < 2) return steps;
    const cut = 1 + chance.below(step.bytes.length - 1);
    const halves = [step.bytes.subarray(0, cut), step.bytes.subarray(cut)];
    return steps.toSpliced(at, 1, ...halves.map((bytes) => ({ kind: step.kind, bytes })));
  },
  function join(steps, { chance }) {
    const at = chance.below(steps.length);
    const [one, two] = [steps[at], steps[at + 1]];
    if (!one || !two) return steps;
    return steps.toSpliced(at, 2, { kind: one.kind, bytes: Buffer.concat([one.bytes, two.bytes]) });
  },
  function swap(steps, { chance }) {
    const [a, b] = [chance.below(steps.length), chance.below(steps.length)];
    if (steps.length === 0) return steps;
    return steps.with(a, steps[b]!).with(b, steps[a]!);
  },
  function drop(steps, { chance }) {
    return steps.length < 2 ? steps : steps.toSpliced(chance.below(steps.length), 1);
  },
  function repeat(steps, { chance }) {
    const step = steps[chance.below(steps.length)];
    return step ? steps.toSpliced(chance.below(steps.length + 1), 0, step) : steps;
  },
  function turn(steps, { chance, kinds }) {
    const at = chance.below(steps.length);
    return steps[at] ? steps.with(at, { kind: chance.of(kinds), bytes: steps[at].bytes }) : steps;
  },
  function lose(steps, { chance, kinds }) {
    const gap = { kind: chance.of(kinds), bytes: new Uint8Array(1 + chance.below(64)) };
    return steps.toSpliced(chance.below(steps.length + 1), 0, gap);
  },
  function borrow(steps, { chance, other }) {
    const step = other[chance.below(other.length)];
    return step ? steps.toSpliced(chance.below(steps.length + 1), 0, step) : steps;
  },
  function graft(steps, { chance, other }) {
    return [
      ...steps.slice(0, chance.below(steps.length + 1)),
      ...other.slice(chance.below(other.length + 1)),
    ];
  },
];

const onBytes: readonly ByteMutation[] = [
  function flipBit(bytes, { chance }) {
    const out = Uint8Array.from(bytes);
    const at = chance.below(out.length);
    if (out.length > 0) out[at]! ^= 1 << chance.below(8);
    return out;
  },
  function setByte(bytes, { chance }) {
    const out = Uint8Array.from(bytes);
    if (out.length > 0) out[chance.below(out.length)] = chance.below(256);
    return out;
  },
  function addToNumber(bytes, { chance }) {
    const step = 1 + chance.below(35);
    return withNumber(bytes, chance, (value) => value + (chance.below(2) === 0 ? step : -step));
  },
  function setNumber(bytes, { chance }) {
    return withNumber(bytes, chance, () => chance.of(NUMBERS));
  },
  function fitLength(bytes, { chance }) {
    return withNumber(bytes, chance, (_, behind) => behind + chance.below(5) - 2);
  },
  function shiftLength(bytes, { chance }) {
    const from = chance.below(bytes.length + 1);
    return withNumber(bytes, chance, () => bytes.length - from);
  },
  function setDigits(bytes, { chance }) {
    const text = Buffer.from(bytes).toString('latin1');
    const all = [...text.matchAll(/\d+/g)];
    if (all.length === 0) return bytes;
    const { index, 0: digits } = chance.of(all);
    return Buffer.from(
      text.slice(0, index) + chance.of(DIGITS) + text.slice(index + digits.length),
      'latin1',
    );
  },
  function remove(bytes, { chance }) {
    const [start, end] = range(bytes, chance);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  function cut(bytes, { chance }) {
    return bytes.subarray(0, chance.below(bytes.length + 1));
  },
  function duplicate(bytes, { chance }) {
    const [start, end] = range(bytes, chance);
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
  function fill(bytes, { chance }) {
    const [start, end] = range(bytes, chance);
    return Uint8Array.from(bytes).fill(chance.of([0, 1, 0x20, 0x41, 0x7f, 0x80, 0xff]), start, end);
  },
  function insertNoise(bytes, { chance }) {
    const noise = Uint8Array.from({ length: 1 + chance.below(16) }, () => chance.below(256));
    return inserted(bytes, noise, chance);
  },
  function insertMany(bytes, { chance }) {
    return inserted(bytes, new Uint8Array(1 << chance.below(12)).fill(chance.below(256)), chance);
  },
  function insertToken(bytes, { chance, tokens }) {
    return tokens.length === 0 ? bytes : inserted(bytes, wordOf(chance.of(tokens), chance), chance);
  },
  function writeToken(bytes, { chance, tokens }) {
    if (tokens.length === 0) return bytes;
    const word = wordOf(chance.of(tokens), chance);
    const out = Uint8Array.from(bytes);
    if (word.length <= out.length) out.set(word, chance.below(out.length - word.length + 1));
    return out;
  },
  function splice(bytes, { chance, other }) {
    const from = other[chance.below(other.length)]?.bytes ?? bytes;
    const [start, end] = range(from, chance);
    return inserted(bytes, from.subarray(start, end), chance);
  },
  function cross(bytes, { chance, other }) {
    const from = other[chance.below(other.length)]?.bytes ?? bytes;
    const tail = from.subarray(chance.below(from.length + 1));
    return Buffer.concat([bytes.subarray(0, chance.below(bytes.length + 1)), tail]);
  },
  satisfy,
  satisfy,
  satisfy,
];

/** Writes what a comparison wanted where the input holds what it saw. */
function satisfy(bytes: Uint8Array, { chance, comparisons }: Material): Uint8Array {
  if (comparisons.length === 0) return bytes;
  const { seen, wanted } = chance.of(comparisons);
  const swap = chance.below(2) === 0;
  const form = chance.below(4);
  const from = wordOf(swap ? wanted : seen, null, form);
  const found = places(bytes, from, chance);
  if (found < 0) return bytes;
  const to = wordOf(swap ? seen : wanted, null, form);
  return Buffer.concat([bytes.subarray(0, found), to, bytes.subarray(found + from.length)]);
}

function places(bytes: Uint8Array, word: Uint8Array, chance: Chance): number {
  if (word.length === 0) return -1;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = buffer.indexOf(word, chance.below(bytes.length + 1));
  return found >= 0 ? found : buffer.indexOf(word);
}

/** A token as it may stand on the wire: text, or a number of one to four bytes in either order. */
function wordOf(token: Token, chance: Chance | null, form: number = chance?.below(4) ?? 0): Uint8Array {
  if (typeof token === 'string') return Buffer.from(token, form === 3 ? 'utf16le' : 'latin1');
  const out = Buffer.alloc(4);
  out.writeUInt32BE(token >>> 0);
  if (form === 0 && token < 256) return out.subarray(3);
  const short = token < 65_536 && form !== 2 ? out.subarray(2) : out;
  return form === 3 ? Uint8Array.from(short).reverse() : short;
}

/** Changes a number of one, two or four bytes in either order. */
function withNumber(
  bytes: Uint8Array,
  chance: Chance,
  change: (value: number, behind: number) => number,
): Uint8Array {
  const width = chance.of([1, 2, 2, 4]);
  if (bytes.length < width) return bytes;
  const out = Buffer.from(bytes);
  const at = chance.below(bytes.length - width + 1);
  const behind = bytes.length - at - width;
  const mask = width === 4 ? 0xffffffff : (1 << (width * 8)) - 1;
  if (chance.below(3) === 0)
    out.writeUIntLE((change(out.readUIntLE(at, width), behind) & mask) >>> 0, at, width);
  else out.writeUIntBE((change(out.readUIntBE(at, width), behind) & mask) >>> 0, at, width);
  return out;
}

function range(bytes: Uint8Array, chance: Chance): [start: number, end: number] {
  const start = chance.below(bytes.length + 1);
  return [start, Math.min(bytes.length, start + 1 + chance.below(LONGEST_RUN))];
}

function inserted(bytes: Uint8Array, word: Uint8Array, chance: Chance): Uint8Array {
  const at = chance.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(at)]);
}
