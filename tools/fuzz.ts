/**
 * `npm run fuzz [-- --seconds 60 --seed 1]`: mutated captures through the whole sensor. Seeds are the repository's own
 * fixtures and, where present, the public captures beside the repository. A failure writes the input to `.tmp/fuzz/`
 * and prints the seed that makes it again.
 */
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { Redactor, sense } from '@wardline/sensor';
import { root } from './run-step.ts';

/** Larger seeds spend the time on bulk, not on shapes. */
const LARGEST_SEED = 200_000;
/** One mutated capture may take this long before it counts as a hang. */
const HANG_MS = 20_000;
/** Resident memory past this is a leak: the sensor's own bounds are far below. */
const MEMORY_BYTES = 1_500_000_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});

/** Mulberry32: small, fast and repeatable. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

function loadSeeds(): Uint8Array[] {
  const files = globSync(
    ['fixtures/**/*.{pcap,pcapng,pcap.gz}', '../shared/data/pcap/**/*.{pcap,pcapng,cap}'],
    {
      cwd: root,
    },
  ).sort();
  return files
    .map((file) => join(root, file))
    .filter((file) => statSync(file).isFile())
    .map((file) => (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)))
    .map((bytes) => bytes.subarray(0, LARGEST_SEED));
}

type Mutation = (bytes: Uint8Array, random: () => number) => Uint8Array;

const at = (length: number, random: () => number) => Math.floor(random() * length);

const mutations: readonly Mutation[] = [
  function flipBits(bytes, random) {
    const out = Uint8Array.from(bytes);
    const flips = 1 + at(64, random);
    for (let i = 0; i < flips; i++) {
      const index = 24 + at(Math.max(1, out.length - 24), random);
      if (index < out.length) out[index] = (out[index] ?? 0) ^ (1 << at(8, random));
    }
    return out;
  },
  function extremeNumbers(bytes, random) {
    const out = Uint8Array.from(bytes);
    const words = [0, 0xff, 0x7f, 0x80, 1];
    for (let i = 0; i < 8; i++) {
      const index = at(out.length, random);
      out.fill(words[at(words.length, random)] ?? 0, index, index + 1 + at(4, random));
    }
    return out;
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, at(bytes.length, random));
  },
  function removeSlice(bytes, random) {
    const start = at(bytes.length, random);
    const end = Math.min(bytes.length, start + 1 + at(200, random));
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  function duplicateSlice(bytes, random) {
    const start = at(bytes.length, random);
    const end = Math.min(bytes.length, start + 1 + at(2000, random));
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  },
];

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function trySense(bytes: Uint8Array): Promise<string | null> {
  const redactor = new Redactor(new Uint8Array(32), []);
  const batches = sense(chunks(bytes), { file: 'fuzz', sensor: 'fuzz', stream: 'fuzz', redactor });
  const started = performance.now();
  try {
    for await (const _ of batches);
  } catch (cause) {
    return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  }
  if (performance.now() - started > HANG_MS) return `took longer than ${HANG_MS / 1000} s`;
  if (process.memoryUsage.rss() > MEMORY_BYTES) return 'resident memory left its bound';
  return null;
}

async function main(): Promise<void> {
  const seeds = loadSeeds();
  const first = Number(values.seed);
  const until = performance.now() + Number(values.seconds) * 1000;
  let round = 0;
  for (; performance.now() < until; round++) {
    const random = generator(first + round);
    let bytes = seeds[at(seeds.length, random)] ?? new Uint8Array();
    for (let i = at(3, random); i >= 0; i--)
      bytes = (mutations[at(mutations.length, random)] as Mutation)(bytes, random);
    const problem = await trySense(bytes);
    if (problem === null) continue;
    const file = join(root, '.tmp/fuzz', `seed-${first + round}.pcap`);
    mkdirSync(join(root, '.tmp/fuzz'), { recursive: true });
    writeFileSync(file, bytes);
    console.log(`seed ${first + round}: ${problem}\ninput: ${file}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${round} mutated captures from ${seeds.length} seeds, no failure`);
}

await main();
