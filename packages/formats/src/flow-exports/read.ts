import type { InputError, SensorBatch } from '@wardline/model';
import { type BookOptions, LogBook } from '../sensor-logs/book.ts';
import type { SensorLogOptions, SensorLogSummary } from '../sensor-logs/read.ts';
import { FlowCollector } from './collector.ts';
import { MessageSplitter } from './splitter.ts';

/** A datagram of an exporter; empty where nothing came for a while. */
export interface FlowDatagram {
  /** Address and port that it came from. */
  exporter: string;
  port: number;
  bytes: Uint8Array;
}

export interface FlowListenOptions extends BookOptions {
  signal?: AbortSignal;
  onProgress?: (bytesRead: number, packets: number) => void;
  /** Asked after each datagram; true hands over what there is. */
  isFlushDue?: () => boolean;
  /** Datagrams that could not be held so far; asked for each batch. */
  lostSoFar?: () => number;
}

const NAMES: Readonly<Record<number, string>> = { 5: 'NetFlow v5', 9: 'NetFlow v9', 10: 'IPFIX' };

/**
 * Turns the datagrams of exporters of NetFlow and IPFIX into numbered batches, as the sensor does packets. Flows whose other
 * direction is still awaited come in a later batch; the last one holds all.
 */
export async function* readFlowDatagrams(
  source: AsyncIterable<FlowDatagram>,
  options: FlowListenOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  const book = new LogBook(options);
  const collector = new FlowCollector(book, 'datagram');
  let [bytesRead, lost] = [0, 0];
  for await (const { exporter, port, bytes } of source) {
    if (options.signal?.aborted === true) break;
    bytesRead += bytes.length;
    if (bytes.length > 0) collector.take({ exporter, session: `${exporter}#${port}` }, bytes);
    const lostNow = options.lostSoFar?.() ?? 0;
    if (lostNow > lost) book.dropped('lost-before-reading', lostNow - lost);
    lost = Math.max(lost, lostNow);
    if (book.full || options.isFlushDue?.() === true) yield* book.takeAll(false);
    options.onProgress?.(bytesRead, book.packets);
  }
  collector.end();
  yield* book.takeAll(true);
  return summaryOf(book, collector, options.file, []);
}

/** Reads a file of IPFIX messages one behind the other (RFC 5655). */
export async function* readFlowFile(
  source: AsyncIterable<Uint8Array>,
  options: SensorLogOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  const book = new LogBook(options);
  const collector = new FlowCollector(book, 'file');
  const splitter = new MessageSplitter();
  const errors: InputError[] = [];
  let bytesRead = 0;
  for await (const chunk of source) {
    if (options.signal?.aborted === true) break;
    bytesRead += chunk.length;
    for (const message of splitter.push(chunk)) {
      collector.take({ exporter: null, session: '' }, message);
      if (book.full) yield* book.takeAll(false);
    }
    options.onProgress?.(bytesRead, book.packets);
    if (splitter.damagedAt !== null) break;
  }
  const offset = splitter.damagedAt ?? splitter.unfinishedAt;
  if (offset !== null && options.signal?.aborted !== true) {
    const message =
      splitter.damagedAt === null ? 'the last message is cut off' : 'no message of IPFIX begins here';
    errors.push({ file: options.file, record: null, offset, message });
  }
  collector.end();
  yield* book.takeAll(true);
  return summaryOf(book, collector, options.file, errors);
}

function summaryOf(
  book: LogBook,
  { versions }: FlowCollector,
  file: string,
  errors: InputError[],
): SensorLogSummary {
  const format = [...versions].sort((a, b) => a - b).map((version) => NAMES[version]);
  const { packets, bytes, first, last } = book;
  return {
    file,
    format: format.length === 0 ? 'unknown flow export' : format.join(', '),
    packets,
    bytes,
    firstSeen: first,
    lastSeen: last,
    errors,
  };
}
