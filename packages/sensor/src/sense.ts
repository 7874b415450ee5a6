import { BATCH_ROWS, type InputError, type SensorBatch, type SensorStatistics } from '@wardline/model';
import { readCapture } from './capture/read-capture.ts';
import { type Dissectors, Sensor, type SensorDelta } from './engine.ts';
import type { SensorLimits } from './limits.ts';
import type { Redactor } from './redactor.ts';

export interface SenseOptions {
  /** The capture's name, as evidence and errors carry it. */
  file: string;
  sensor: string;
  stream: string;
  redactor: Redactor;
  limits?: Partial<SensorLimits>;
  dissectors?: Partial<Dissectors>;
  /** Stops reading; what was read is still handed over. */
  signal?: AbortSignal;
  /** Called now and then with the uncompressed bytes and packets read so far. */
  onProgress?: (bytesRead: number, packets: number) => void;
  /** For live streams: hands over a batch at least this often, in packet time. */
  flushEveryMicros?: number;
  /**
   * For live streams: asked after each chunk; true hands over what there is, even where no packet came. A source that
   * yields empty chunks while the network is silent so keeps its receiver up to date.
   */
  isFlushDue?: () => boolean;
  /** Packets that the capturing program says it lost so far; asked for each batch. */
  lostSoFar?: () => number;
}

/** What a capture came to. Times are in µs since the epoch, null where there was no packet. */
export interface CaptureSummary {
  file: string;
  format: string;
  packets: number;
  /** As on the wire. */
  bytes: number;
  firstSeen: number | null;
  lastSeen: number | null;
  errors: InputError[];
}

/** Packets that must have passed before a clock that was set back makes another batch. */
const PACKETS_PER_BACKWARD_FLUSH = 1000;

/**
 * Reads a capture (pcap or pcapng, plain, gzip or zstd) from chunks of any size and yields numbered batches. The same bytes
 * give the same batches, however they are cut into chunks. Damage is reported in the summary and never thrown.
 */
export async function* sense(
  source: AsyncIterable<Uint8Array>,
  options: SenseOptions,
): AsyncGenerator<SensorBatch, CaptureSummary> {
  const sensor = new Sensor({ ...options, capture: options.file });
  const batches = new Batches(options);
  const run = new Run(sensor, options.flushEveryMicros ?? Number.POSITIVE_INFINITY);
  const reading = readCapture(source, options.file, run.packet);
  let step = await reading.next();
  for (; step.done !== true; step = await reading.next()) {
    if (step.value === 'paused') yield* batches.of(sensor.drain(), false);
    else {
      options.onProgress?.(step.value, run.packets);
      if (options.isFlushDue?.() === true) yield* batches.of(sensor.drain(), false);
    }
    if (options.signal?.aborted === true)
      step = await reading.return({ format: 'unknown', lost: 0, errors: [] });
    if (step.done === true) break;
  }
  batches.lostInFile = step.value.lost;
  yield* ofRest(batches, sensor);
  return run.summary(options.file, step.value.format, step.value.errors);
}

/** The last batch is known to be the last only when nothing comes behind it. */
function* ofRest(batches: Batches, sensor: Sensor): Generator<SensorBatch> {
  const deltas = sensor.finish();
  let step = deltas.next();
  while (step.done !== true) {
    const delta = step.value;
    step = deltas.next();
    yield* batches.of(delta, step.done === true);
  }
}

/** Counts what passes, and tells when a drain is due: by packets and packet time only. */
class Run {
  packets = 0;
  #bytes = 0;
  #first: number | null = null;
  #last: number | null = null;
  #flushedAt = 0;
  #sinceFlush = 0;
  readonly #sensor: Sensor;
  readonly #flushEvery: number;

  constructor(sensor: Sensor, flushEvery: number) {
    this.#sensor = sensor;
    this.#flushEvery = flushEvery;
  }

  readonly packet = (
    linkType: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    originalLength: number,
    time: number,
    packetNumber: number,
  ): boolean => {
    this.#sensor.frame(linkType, bytes, start, end, originalLength, time, packetNumber);
    if (this.#first === null || this.#last === null) {
      this.#first = this.#last = this.#flushedAt = time;
    } else if (time > this.#last) this.#last = time;
    else if (time < this.#first) this.#first = time;
    this.packets += 1;
    this.#bytes += originalLength;
    this.#sinceFlush += 1;
    return this.#sensor.full || this.#isDue(time);
  };

  summary(file: string, format: string, errors: InputError[]): CaptureSummary {
    const { packets } = this;
    return {
      file,
      format,
      packets,
      bytes: this.#bytes,
      firstSeen: this.#first,
      lastSeen: this.#last,
      errors,
    };
  }

  #isDue(time: number): boolean {
    const ahead = time - this.#flushedAt;
    const setBack = ahead < -this.#flushEvery && this.#sinceFlush >= PACKETS_PER_BACKWARD_FLUSH;
    if (ahead < this.#flushEvery && !setBack) return false;
    this.#flushedAt = time;
    this.#sinceFlush = 0;
    return true;
  }
}

/** Cuts deltas into batches of at most BATCH_ROWS rows and numbers them. */
class Batches {
  /** Packets that the file says its machine lost; known at its end. */
  lostInFile = 0;
  readonly #options: SenseOptions;
  #number = 0;
  #lost = 0;

  constructor(options: SenseOptions) {
    this.#options = options;
  }

  *of(delta: SensorDelta, isLast: boolean): Generator<SensorBatch> {
    const { conversations, sightings } = delta;
    const { sensor, stream } = this.#options;
    const statistics = this.#withLosses(delta.statistics);
    const rows = Math.max(conversations.length, sightings.length, 1);
    for (let at = 0; at < rows; at += BATCH_ROWS) {
      this.#number += 1;
      yield {
        sensor,
        stream,
        number: this.#number,
        last: isLast && at + BATCH_ROWS >= rows,
        conversations: conversations.slice(at, at + BATCH_ROWS),
        sightings: sightings.slice(at, at + BATCH_ROWS),
        statistics: at === 0 ? statistics : { packets: 0, bytes: 0, dropped: {}, evicted: {} },
      };
    }
  }
  /** Adds what was lost on the way to the sensor since the last batch. */
  #withLosses(statistics: SensorStatistics): SensorStatistics {
    const lost = Math.max(0, this.lostInFile + (this.#options.lostSoFar?.() ?? 0) - this.#lost);
    if (lost === 0) return statistics;
    this.#lost += lost;
    return { ...statistics, dropped: { ...statistics.dropped, 'kernel-dropped': lost } };
  }
}
