import type { InputError, SensorBatch } from '@wardline/model';
import { readFlowFile } from '../flow-exports/read.ts';
import { beginsMessage } from '../flow-exports/splitter.ts';
import { LOG_ERRORS_LISTED, LOG_SNIFF_BYTES } from '../limits.ts';
import { readScan, type ScanFormat, sniffScan } from '../scans/read.ts';
import { type BookOptions, LogBook } from './book.ts';
import { eveLine } from './eve.ts';
import { type Line, LineSplitter } from './lines.ts';
import { FieldFault } from './row.ts';
import { ZeekReader } from './zeek.ts';

type LineFormat = 'zeek' | 'zeek-json' | 'eve';
export type SensorLogFormat = LineFormat | ScanFormat | 'ipfix';

export interface SensorLogOptions extends BookOptions {
  /** Stops reading; what was read is still handed over. */
  signal?: AbortSignal;
  /** Called now and then with the bytes and packets read so far. */
  onProgress?: (bytesRead: number, packets: number) => void;
}

/** What a log came to. Times are in µs since the epoch, null where there was no record. */
export interface SensorLogSummary {
  file: string;
  format: string;
  packets: number;
  bytes: number;
  firstSeen: number | null;
  lastSeen: number | null;
  errors: InputError[];
}

/** Tells by the first bytes what a log is, or null where it is none. */
export function sniffSensorLog(first: Uint8Array): SensorLogFormat | null {
  if (beginsMessage(first)) return 'ipfix';
  const text = new TextDecoder().decode(first.subarray(0, LOG_SNIFF_BYTES));
  if (/^#separator \\x[0-9a-f]{2}\r?\n/i.test(text)) return 'zeek';
  const [line = ''] = text.trimStart().split('\n', 1);
  if (!line.startsWith('{')) return sniffScan(text);
  if (line.includes('"event_type"') && line.includes('"timestamp"')) return 'eve';
  return line.includes('"ts"') ? 'zeek-json' : null;
}

/**
 * Reads a log of Zeek (its own format or JSON) or Suricata's EVE, a scan, or a file of IPFIX, from chunks of any size and yields numbered
 * batches, as the sensor does of a capture. Memory is bounded by a batch and a line. Damage is reported in the summary by
 * line and field, and never thrown.
 */
export async function* readSensorLog(
  source: AsyncIterable<Uint8Array>,
  format: SensorLogFormat,
  options: SensorLogOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  if (format === 'ipfix') return yield* readFlowFile(source, options);
  const scan = format === 'nmap' || format === 'nessus';
  return yield* scan ? readScan(source, format, options) : readLines(source, format, options);
}

async function* readLines(
  source: AsyncIterable<Uint8Array>,
  format: LineFormat,
  options: SensorLogOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  const book = new LogBook(options);
  const reader = new LineReader(format, book, options.file);
  const splitter = new LineSplitter();
  let bytesRead = 0;
  for await (const chunk of undamaged(source, reader)) {
    if (options.signal?.aborted === true) break;
    bytesRead += chunk.length;
    for (const line of splitter.push(chunk)) {
      reader.take(line);
      if (book.full) yield book.take(false);
    }
    options.onProgress?.(bytesRead, book.packets);
  }
  for (const line of splitter.end()) reader.take(line);
  yield book.take(true);
  const { packets, bytes, first, last } = book;
  const { file } = options;
  return {
    file,
    format: reader.format,
    packets,
    bytes,
    firstSeen: first,
    lastSeen: last,
    errors: reader.errors(),
  };
}

/** The chunks up to where the compressed file is damaged or cut off. */
async function* undamaged(source: AsyncIterable<Uint8Array>, reader: LineReader): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch {
    reader.cut();
  }
}

class LineReader {
  readonly #format: LineFormat;
  readonly #book: LogBook;
  readonly #file: string;
  readonly #zeek: ZeekReader;
  readonly #errors: InputError[] = [];
  #damaged = 0;

  constructor(format: LineFormat, book: LogBook, file: string) {
    this.#format = format;
    this.#book = book;
    this.#file = file;
    this.#zeek = new ZeekReader(book, file);
  }

  get format(): string {
    if (this.#format === 'eve') return 'Suricata EVE';
    return this.#format === 'zeek' ? `Zeek ${this.#zeek.path} log` : 'Zeek log (JSON)';
  }

  take({ number, text }: Line): void {
    if (text === null) {
      this.#fault(number, 'line is longer than the bound');
      return;
    }
    try {
      if (this.#format === 'eve') eveLine(text, number, this.#book);
      else this.#zeek.line(text, number);
    } catch (error) {
      if (!(error instanceof FieldFault)) throw error;
      this.#fault(number, error.message);
    }
  }

  cut(): void {
    this.#damaged += 1;
    const message = 'the compressed data ends early or is damaged';
    this.#errors.push({ file: this.#file, record: null, offset: null, message });
  }

  errors(): InputError[] {
    const more = this.#damaged - this.#errors.length;
    if (more === 0) return this.#errors;
    const message = `${more} more damaged lines are not listed`;
    return [...this.#errors, { file: this.#file, record: null, offset: null, message }];
  }

  #fault(record: number, message: string): void {
    this.#damaged += 1;
    this.#book.dropped('damaged-line');
    if (this.#errors.length >= LOG_ERRORS_LISTED) return;
    this.#errors.push({ file: this.#file, record, offset: null, message });
  }
}
