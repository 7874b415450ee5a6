import type { InputError } from '@wardline/model';
import type { Damage, FormatParser, PacketHandler } from './format.ts';
import { gunzip } from './gunzip.ts';
import { Input } from './input.ts';
import { otherFormat } from './other-format.ts';
import { pcapParser } from './pcap.ts';
import { pcapngParser } from './pcapng.ts';
import { isZstd, unzstd } from './unzstd.ts';

const MAGIC = 4;

/** What reading a capture came to. */
export interface CaptureEnd {
  /** `pcap`, `pcap-ns`, `pcap-modified`, `pcapng`, with `+gzip` or `+zstd` where compressed; `unknown`. */
  format: string;
  /** Packets that the capturing machine lost, as far as the file tells. */
  lost: number;
  errors: InputError[];
}

/**
 * Reads a capture from chunks of any size, plain, gzip or zstd. A chunk's memory may be used again once the next is asked for. Yields whenever the handler asks to pause (`paused`) and when
 * a chunk is used up (the uncompressed bytes read so far). Damage, and a source that fails, end it with one located
 * error; nothing is thrown.
 */
export async function* readCapture(
  source: AsyncIterable<Uint8Array>,
  file: string,
  handler: PacketHandler,
): AsyncGenerator<'paused' | number, CaptureEnd> {
  let failure: string | null = null;
  const { head, chunks } = await withHead(untilFailure(source, (text) => (failure = text)));
  const compression = compressionOf(head);
  const state: ReadState = { input: new Input(), parser: null, damage: null };
  let problem: string | null = null;
  const plain = compression ? watched(compression.open(chunks), (text) => (problem = text)) : chunks;
  for await (const chunk of plain) {
    state.input.push(chunk);
    yield* step(state, handler);
    if (state.damage) break;
    state.input.settle();
    yield state.input.offset;
  }
  const damage =
    state.damage ??
    sourceDamage(state, failure) ??
    compressionDamage(state, compression?.name, problem) ??
    endDamage(state);
  const format = `${state.parser?.format ?? 'unknown'}${compression ? `+${compression.name}` : ''}`;
  return { format, lost: state.parser?.lost ?? 0, errors: damage ? [{ file, ...damage }] : [] };
}

interface Compression {
  name: 'gzip' | 'zstd';
  open: typeof gunzip;
}

function compressionOf(head: Uint8Array): Compression | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return { name: 'gzip', open: gunzip };
  return isZstd(head) ? { name: 'zstd', open: unzstd } : null;
}

interface ReadState {
  input: Input;
  parser: FormatParser | null;
  damage: Damage | null;
}

function* step(state: ReadState, handler: PacketHandler): Generator<'paused'> {
  if (!state.parser && state.input.available >= MAGIC) {
    state.parser = pcapParser(state.input) ?? pcapngParser(state.input);
    if (!state.parser) state.damage = unrecognised(state.input);
  }
  while (state.parser && !state.damage) {
    const progress = state.parser.run(handler);
    if (progress === 'starved') return;
    if (progress === 'paused') yield 'paused';
    else state.damage = progress;
  }
}

function unrecognised(input: Input): Damage {
  const found = Array.from(input.bytes.subarray(input.at, input.at + MAGIC), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join(' ');
  const other = otherFormat(input.bytes.subarray(input.at));
  const message = `expected a pcap, pcapng, gzip or zstd file, found ${other ?? `one that starts with ${found}`}`;
  return { record: null, offset: 0, message };
}

function sourceDamage({ input }: ReadState, failure: string | null): Damage | null {
  if (failure === null) return null;
  const message = `expected more bytes, found a failing source (${failure})`;
  return { record: null, offset: input.offset + input.available, message };
}

function compressionDamage(
  { input, parser }: ReadState,
  name = '',
  problem: string | null = null,
): Damage | null {
  if (problem === null) return null;
  const inside = parser?.atEnd();
  const message = `expected whole ${name} data, found damage after ${input.offset + input.available} uncompressed bytes (${problem})`;
  return { record: inside?.record ?? null, offset: input.offset + input.available, message };
}

function endDamage({ input, parser }: ReadState): Damage | null {
  if (parser) return parser.atEnd();
  const { available } = input;
  const found = available === 0 ? 'an empty file' : `only ${available} bytes`;
  return { record: null, offset: 0, message: `expected a pcap or pcapng file, found ${found}` };
}

/** Looks at the first four bytes without taking them from the stream. */
async function withHead(
  source: AsyncIterable<Uint8Array>,
): Promise<{ head: Uint8Array; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < MAGIC) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : joined(head, next.value);
  }
  return { head, chunks: rejoined(head, iterator) };
}

async function* rejoined(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** Ends where the source fails, so that what was read before is kept. */
async function* untilFailure(
  source: AsyncIterable<Uint8Array>,
  onFailure: (message: string) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    onFailure(error instanceof Error ? error.message : String(error));
  }
}

async function* watched(
  source: AsyncGenerator<Uint8Array, string | null>,
  onEnd: (problem: string | null) => void,
): AsyncGenerator<Uint8Array> {
  for (let next = await source.next(); ; next = await source.next()) {
    if (next.done === true) {
      onEnd(next.value);
      return;
    }
    yield next.value;
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const all = new Uint8Array(left.length + right.length);
  all.set(left);
  all.set(right, left.length);
  return all;
}
