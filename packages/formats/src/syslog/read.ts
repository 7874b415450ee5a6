import { type Endpoint, LOG_FIELDS, type LogLine, type SensorBatch } from '@wardline/model';
import { type BookOptions, LogBook } from '../sensor-logs/book.ts';
import type { SensorLogSummary } from '../sensor-logs/read.ts';
import { LogMask, pairsOf } from './mask.ts';
import { readSyslogMessage } from './message.ts';

/** One message as it came; empty where nothing came for a while. */
export interface SyslogArrival {
  /** µs, by the collector's clock. */
  at: number;
  /** Address that it came from. */
  from: string;
  transport: LogLine['transport'];
  /** Null while nothing comes. */
  bytes: Uint8Array | null;
}

export interface SyslogOptions extends BookOptions {
  signal?: AbortSignal;
  onProgress?: (bytesRead: number, packets: number) => void;
  isFlushDue?: () => boolean;
  /** Messages that were left out so far, by cause; asked for each batch. */
  lostByCause?: () => ReadonlyMap<string, number>;
}

/** Turns messages of syslog into numbered batches: lines of logs, and who logs by which program. */
export async function* readSyslog(
  source: AsyncIterable<SyslogArrival>,
  options: SyslogOptions,
): AsyncGenerator<SensorBatch, SensorLogSummary> {
  const book = new LogBook(options);
  const reader = new LineReader(book, options);
  const told = new Map<string, number>();
  let bytesRead = 0;
  for await (const arrival of source) {
    if (options.signal?.aborted === true) break;
    bytesRead += arrival.bytes?.length ?? 0;
    if (arrival.bytes !== null) reader.take(arrival, arrival.bytes);
    for (const [cause, count] of options.lostByCause?.() ?? []) {
      if (count > (told.get(cause) ?? 0)) book.dropped(cause, count - (told.get(cause) ?? 0));
      told.set(cause, count);
    }
    if (book.full || options.isFlushDue?.() === true) yield* book.takeAll(false);
    options.onProgress?.(bytesRead, book.packets);
  }
  yield* book.takeAll(true);
  const { packets, bytes, first, last } = book;
  const format = packets === 0 ? 'unknown syslog' : 'syslog';
  return { file: options.file, format, packets, bytes, firstSeen: first, lastSeen: last, errors: [] };
}

class LineReader {
  readonly #book: LogBook;
  readonly #mask: LogMask;
  readonly #file: string;
  #count = 0;

  constructor(book: LogBook, { redactor, file }: SyslogOptions) {
    this.#book = book;
    this.#mask = new LogMask((value) => redactor.mark(value));
    this.#file = file;
  }

  take({ at, from, transport }: SyslogArrival, bytes: Uint8Array): void {
    const { data, text, ...head } = readSyslogMessage(bytes, at);
    this.#count += 1;
    const source: Endpoint = { mac: null, ip: from, vlan: null };
    const masked = this.#mask.text(text);
    const fields = [
      ...data.map(([name, value]) => [name, this.#mask.value(name, value)] as const),
      ...pairsOf(masked),
    ];
    const evidence = { capture: this.#file, packet: this.#count };
    const { host, application } = head;
    this.#book.log(
      {
        ...head,
        at,
        source,
        transport,
        host: short(host),
        application: short(application),
        process: short(head.process),
        messageId: short(head.messageId),
        fields: Object.fromEntries(
          fields.slice(0, LOG_FIELDS).map(([name, value]) => [name.slice(0, 128), value]),
        ),
        text: masked,
        evidence,
      },
      bytes.length,
    );
    if (head.form === 'other' || head.facility === null) return;
    const setting = {
      client: source,
      server: source,
      transport: 'udp',
      port: null,
      time: at,
      line: this.#count,
    };
    this.#book.sight(
      'syslog.sender',
      source,
      {
        format: head.form,
        facility: head.facility,
        ...(host === null ? {} : { hostname: host.slice(0, 255) }),
        ...(application === null ? {} : { application: application.slice(0, 48) }),
      },
      setting,
    );
  }
}

const short = (text: string | null): string | null => (text === null ? null : text.slice(0, 256));
