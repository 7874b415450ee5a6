import { identify } from '@wardline/identify';
import type { Knowledge } from '@wardline/knowledge';
import type { Alert, Asset, InputError, SensorBatch, Story } from '@wardline/model';
import { type CaptureSummary, Redactor, type SensorLimits } from '@wardline/sensor';
import {
  type AlertRecord,
  type ApprovedAccessPoint,
  type Directory,
  directoryOf,
  type KnownAsset,
  storiesOf,
  tellAlert,
  Watch,
} from '@wardline/watch';
import type { Capture } from '../assessment/captures.ts';
import { readEvidence } from '../assessment/evidence.ts';
import { Gathering } from '../assessment/gather.ts';
import { readCapture } from '../assessment/source.ts';
import { Doubts } from './not-judged.ts';

export interface DetectOptions {
  captures: readonly Capture[];
  /** Normal traffic; empty where nothing is learnt. */
  learn: readonly Capture[];
  knowledge: Knowledge;
  /** Of the keyed hashes that stand for secrets and names. */
  key: Uint8Array;
  limits?: Partial<SensorLimits>;
  /** Access points that people approved; absent where they keep no list. */
  accessPoints?: readonly ApprovedAccessPoint[];
  onProgress?: (doing: 'learning' | 'judging', capture: Capture, bytesRead: number, packets: number) => void;
}

/** What a detection came to. */
export interface DetectionReport {
  captures: CaptureSummary[];
  learnt: LearntSummary | null;
  stories: Story[];
  alerts: number;
  /** What could not be judged, and why, in sentences. */
  notJudged: string[];
  errors: InputError[];
  /** Devices inside the house that were watched. */
  devices: number;
}

interface LearntSummary {
  captures: CaptureSummary[];
  devices: number;
  from: number;
  until: number;
  /** Devices that did what looks wrong while learning, so that it was not learnt. */
  distrusted: string[];
  stories: Story[];
}

/**
 * How finely time is told apart, µs: the start of a call shows to the packet, and calls closer than this are one. A server's
 * sensors tell slices of minutes; here nothing has to be stored.
 */
const SLICE = 10_000_000;

/** Captures of normal traffic, if any, then the captures to judge; nothing is sent and nothing is kept. */
export async function detect(options: DetectOptions): Promise<DetectionReport> {
  const reading = new Reading(options);
  const { accessPoints } = options;
  const watch = new Watch(
    options.learn.length > 0 ? 'learning' : 'unlearnt',
    accessPoints === undefined ? {} : { accessPoints },
  );
  const doubts = new Doubts();
  const before = new Map<string, AlertRecord>();
  const learnt = await reading.all(options.learn, 'learning', (batch) =>
    collect(before, watch.take(batch.conversations, batch.sightings)),
  );
  if (options.learn.length > 0) watch.endLearning();
  const found = new Map<string, AlertRecord>();
  const captures = await reading.all(options.captures, 'judging', (batch) => {
    doubts.batch(batch);
    collect(found, watch.take(batch.conversations, batch.sightings));
  });
  const directory = directoryOf(reading.assets().map(knownOf), options.knowledge, (device) =>
    watch.place(device),
  );
  const told = [...found.values()].map((record) => tellAlert(record, directory));
  return {
    captures,
    learnt: options.learn.length === 0 ? null : learntSummary(learnt, watch, before, directory),
    stories: storiesOf(told),
    alerts: told.length,
    notJudged: doubts.sentences(watch),
    errors: reading.errors,
    devices: reading.devices,
  };
}

const knownOf = ({ id, name, class: kind, criticality, ips, macs }: Asset): KnownAsset => ({
  id,
  name,
  class: kind.value,
  criticality: criticality.value,
  ips,
  macs,
});

function collect(into: Map<string, AlertRecord>, records: readonly AlertRecord[]): void {
  for (const record of records) into.set(record.id, record);
}

function learntSummary(
  captures: CaptureSummary[],
  watch: Watch,
  before: ReadonlyMap<string, AlertRecord>,
  directory: Directory,
): LearntSummary {
  const baselines = [...watch.learnt.entries()];
  const alerts: Alert[] = [...before.values()].map((record) => tellAlert(record, directory));
  return {
    captures,
    devices: baselines.length,
    from: Math.min(...baselines.map(([, { first }]) => first)),
    until: Math.max(...baselines.map(([, { last }]) => last)),
    distrusted: baselines.filter(([, { suspicious }]) => suspicious).map(([device]) => device),
    stories: storiesOf(alerts),
  };
}

/** Reads captures one after the other, and keeps what identification needs, all time added up. */
class Reading {
  readonly errors: InputError[] = [];
  readonly #options: DetectOptions;
  readonly #gathering = new Gathering();
  readonly #redactor: Redactor;
  #assets: Asset[] | null = null;

  constructor(options: DetectOptions) {
    this.#options = options;
    this.#redactor = new Redactor(options.key, options.knowledge.defaultCredentials);
  }

  get devices(): number {
    return this.assets().length;
  }

  assets(): Asset[] {
    this.#assets ??= identify(
      {
        sightings: this.#gathering.sightings(),
        conversations: this.#gathering.conversations(),
        decisions: [],
      },
      this.#options.knowledge,
    ).assets;
    return this.#assets;
  }

  async all(
    captures: readonly Capture[],
    doing: 'learning' | 'judging',
    onBatch: (batch: SensorBatch) => void,
  ): Promise<CaptureSummary[]> {
    const summaries: CaptureSummary[] = [];
    for (const capture of captures) {
      const summary = await this.#one(capture, doing, onBatch);
      if (!summary.format.startsWith('unknown')) summaries.push(summary);
    }
    return summaries;
  }

  async #one(
    capture: Capture,
    doing: 'learning' | 'judging',
    onBatch: (batch: SensorBatch) => void,
  ): Promise<CaptureSummary> {
    const failures: InputError[] = [];
    const batches = readEvidence(readCapture(capture, failures), {
      file: capture.name,
      sensor: 'detect',
      stream: capture.name,
      redactor: this.#redactor,
      flushEveryMicros: SLICE,
      limits: { sliceMicros: SLICE, ...this.#options.limits },
      onProgress: (bytesRead, packets) => this.#options.onProgress?.(doing, capture, bytesRead, packets),
    });
    let next = await batches.next();
    for (; !next.done; next = await batches.next()) {
      onBatch(next.value);
      this.#gathering.add(withoutSlices(next.value));
    }
    this.errors.push(...failures, ...next.value.errors);
    return next.value;
  }
}

function withoutSlices(batch: SensorBatch): SensorBatch {
  return {
    ...batch,
    conversations: batch.conversations.map((conversation) => ({ ...conversation, slice: 0 })),
  };
}
