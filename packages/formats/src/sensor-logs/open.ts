import { LOG_SNIFF_BYTES } from '../limits.ts';
import { type SensorLogFormat, sniffSensorLog } from './read.ts';

/** A source that was looked into: a log with its plain bytes, or anything else, untouched. */
export interface OpenedSource {
  format: SensorLogFormat | null;
  source: AsyncIterable<Uint8Array>;
}

/** Looks at the first bytes of a file, through gzip where it is compressed, and tells which sensor's log it is, if any. */
export async function openSensorLog(source: AsyncIterable<Uint8Array>): Promise<OpenedSource> {
  const reading = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < LOG_SNIFF_BYTES) {
    const step = await reading.next();
    if (step.done === true) break;
    held.push(step.value);
    size += step.value.length;
  }
  const first = joined(held).subarray(0, LOG_SNIFF_BYTES);
  const whole = rejoined(held, reading);
  const compressed = first[0] === 0x1f && first[1] === 0x8b;
  const format = sniffSensorLog(compressed ? await plainStart(first) : first);
  return { format, source: format !== null && compressed ? inflated(whole) : whole };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function* rejoined(
  held: readonly Uint8Array[],
  reading: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* held;
    for (let step = await reading.next(); step.done !== true; step = await reading.next()) yield step.value;
  } finally {
    await reading.return?.();
  }
}

async function plainStart(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    for await (const chunk of inflated([bytes])) return chunk;
  } catch {
    // What cannot be read is no log; whoever reads it instead says what is wrong.
  }
  return new Uint8Array(0);
}

function inflated(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncIterable<Uint8Array<ArrayBuffer>> {
  return streamOf(source).pipeThrough(new DecompressionStream('gzip'));
}

function streamOf(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}
