import type { InputError, SensorBatch } from '@wardline/model';
import { LOG_ERRORS_LISTED } from '../limits.ts';
import { LogBook } from '../sensor-logs/book.ts';
import type { SensorLogOptions, SensorLogSummary } from '../sensor-logs/read.ts';
import { NessusReader } from './nessus.ts';
import { NmapReader } from './nmap.ts';
import { ScanFault, XmlStream } from './xml-stream.ts';

export type ScanFormat = 'nmap' | 'nessus';

/** Tells by the first characters of a file whose scan it is, or null where it is none. */
export function sniffScan(text: string): ScanFormat | null {
  const [, root, type] =
    /^\ufeff?\s*(?:<\?[^>]*\?>\s*|<!--[\s\S]*?-->\s*)*<(nmaprun|NessusClientData_v2|!DOCTYPE\s+(\w+))/.exec(
      text,
    ) ?? [];
  const name = type ?? root;
  if (name === 'nmaprun') return 'nmap';
  return name === 'NessusClientData_v2' ? 'nessus' : null;
}

/**
 * Reads a scan (`nmap -oX`, `.nessus`) from chunks of any size and yields numbered batches of sightings, as the sensor does of a
 * capture. Memory is bounded by a batch and a host. Where the file ends early or is damaged, the hosts before that are taken, and
 * the summary says where. Nothing is thrown.
 */
export async function* readScan(
  source: AsyncIterable<Uint8Array>,
  format: ScanFormat,
  options: SensorLogOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  const book = new LogBook(options);
  const scan = new Scan(format, book, options.file);
  const decoder = new TextDecoder();
  let bytesRead = 0;
  for await (const chunk of scan.undamaged(source)) {
    if (options.signal?.aborted === true || scan.isOver) break;
    bytesRead += chunk.length;
    for (const part of scan.write(decoder.decode(chunk, { stream: true }))) yield part;
    options.onProgress?.(bytesRead, 0);
  }
  if (options.signal?.aborted !== true) scan.end();
  yield book.take(true);
  const { first, last } = book;
  const { file } = options;
  return {
    file,
    format: scan.format,
    packets: 0,
    bytes: 0,
    firstSeen: first,
    lastSeen: last,
    errors: scan.errors,
  };
}

/** Characters between two looks at how full the batch is: hosts of a scan are far smaller. */
const PART_CHARS = 262_144;

class Scan {
  readonly format: string;
  readonly errors: InputError[] = [];
  isOver = false;
  readonly #file: string;
  readonly #book: LogBook;
  readonly #xml: XmlStream;

  constructor(format: ScanFormat, book: LogBook, file: string) {
    this.#file = file;
    this.#book = book;
    const skipped = (line: number, why: string) => {
      book.dropped('host-without-place');
      this.#say(line, why);
    };
    const reader = format === 'nmap' ? new NmapReader(book, skipped) : new NessusReader(book, skipped);
    this.format = reader.format;
    this.#xml = new XmlStream(reader);
  }

  *write(text: string): Generator<SensorBatch> {
    for (let at = 0; at < text.length && !this.isOver; at += PART_CHARS) {
      this.#try(() => this.#xml.write(text.slice(at, at + PART_CHARS)));
      if (this.#book.full) yield this.#book.take(false);
    }
  }

  end(): void {
    if (!this.isOver) this.#try(() => this.#xml.end());
  }

  /** The chunks up to where the compressed file is damaged or cut off. */
  async *undamaged(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch {
      this.isOver = true;
      this.#say(this.#xml.line, 'the compressed data ends early or is damaged');
    }
  }

  #try(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof ScanFault)) throw error;
      this.isOver = true;
      this.#book.dropped('damaged-scan');
      this.#say(error.line, `${error.message}; what stands before it was read`);
    }
  }

  #say(line: number, message: string): void {
    if (this.errors.length >= LOG_ERRORS_LISTED) return;
    this.errors.push({ file: this.#file, record: Math.max(line, 1), offset: null, message });
  }
}
