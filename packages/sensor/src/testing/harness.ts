/** Runs one dissector alone, as the engine would, and collects what it says. For tests only. */
import type { Endpoint, Protection } from '@wardline/model';
import type {
  DatagramDissector,
  DatagramSession,
  FrameDissector,
  PacketDissector,
  PacketSurroundings,
  Recognition,
  Side,
  StreamDissector,
  Surroundings,
} from '../dissector.ts';
import { defaultLimits, RECOGNITION_BYTES } from '../limits.ts';
import { type KnownCredential, Redactor } from '../redactor.ts';
import { BareFrameReporter, ConversationReporter, type ReportContext } from '../report/reporter.ts';
import { boundedFacts, type ConversationFacts, type Observation } from '../report/sink.ts';
import { SessionFeed } from '../stream/feed.ts';

/** One step of a stream: bytes of a side, or how many of its bytes were lost. */
export type Step = [from: Side, bytes: Uint8Array | string] | [from: Side, gap: { lost: number }];

export interface HarnessOptions {
  /** Cuts the bytes of each step into random segments, the same for the same seed; without it a step is one segment. */
  seed?: number;
  /** Longest random segment. */
  longest?: number;
  around?: Partial<Surroundings>;
  known?: readonly KnownCredential[];
  /** Skips recognition, to see what a session does with bytes that are not its protocol. */
  force?: boolean;
}

export interface Collected {
  /** The last word of recognition; `more` where it never made up its mind. */
  recognised: Recognition;
  /** True where the session left the stream before its end, by itself or because it broke a bound. */
  ended: boolean;
  sightings: (Observation & { marks: string[] })[];
  application: string | null;
  protection: Protection;
  notes: Record<string, string | number | boolean>;
  /** Counts by cause. */
  malformed: Record<string, number>;
}

export const testClient: Endpoint = { mac: '02:00:00:00:00:01', ip: '10.0.0.1', vlan: null };
export const testServer: Endpoint = { mac: '02:00:00:00:00:02', ip: '10.0.0.2', vlan: null };

/** What a dissector alone is run with. */
export type HarnessRun =
  | { kind: 'stream' | 'datagram'; name: string; steps: readonly Step[]; around: Partial<Surroundings> }
  | { kind: 'frame' | 'packet'; name: string; payloads: readonly Uint8Array[] };

/** Where somebody set it, it learns of each run: `fuzz/` gathers its seeds from the tests. */
const watcher = (globalThis as { wardlineRuns?: (run: HarnessRun) => void }).wardlineRuns;

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

interface Run {
  around: Surroundings;
  context: ReportContext;
  about: ConversationFacts;
  collected: Collected;
}

/** Runs a stream dissector: recognition on the first bytes of both sides, then a session with all of them. */
export function runStream(
  dissector: StreamDissector,
  steps: readonly Step[],
  options: HarnessOptions = {},
): Collected {
  const { around = {} } = options;
  watcher?.({ kind: 'stream', name: dissector.name, steps, around });
  const run = prepare(dissector.name, options);
  const segments = steps.flatMap((step) => segmentsOf(step, options));
  run.collected.recognised = options.force === true ? 'yes' : recognise(dissector, segments, run.around);
  if (run.collected.recognised === 'yes') play(dissector, segments, run);
  return finish(run);
}

/** Runs a datagram dissector over datagrams that it recognises; those it does not are left out. */
export function runDatagram(
  dissector: DatagramDissector,
  datagrams: readonly [from: Side, payload: Uint8Array | string][],
  options: HarnessOptions = {},
): Collected {
  const { around = {} } = options;
  watcher?.({ kind: 'datagram', name: dissector.name, steps: datagrams, around });
  const run = prepare(dissector.name, options);
  const report = new ConversationReporter(run.context, run.around, 'udp', run.about);
  let session: DatagramSession | undefined;
  run.collected.recognised = 'no';
  for (const [from, data] of datagrams) {
    const payload = typeof data === 'string' ? latin1(data) : data;
    if (options.force !== true && !session && !dissector.recognise(payload, from, run.around)) continue;
    run.collected.recognised = 'yes';
    session ??= dissector.open?.();
    if (!session) dissector.onDatagram(payload, from, report, run.around);
    else if (!session.onDatagram(payload, from, report, run.around)) break;
  }
  return finish(run);
}

/** Runs a frame dissector over payloads that start behind the EtherType. */
export function runFrame(
  dissector: FrameDissector,
  payloads: readonly Uint8Array[],
  source: Endpoint = { ...testClient, ip: null },
): Collected {
  watcher?.({ kind: 'frame', name: dissector.name, payloads });
  const run = prepare(dissector.name, {});
  const report = new BareFrameReporter(run.context);
  for (const payload of payloads) dissector.onFrame(payload, source, report);
  run.collected.recognised = 'yes';
  return finish(run);
}

/** Runs a dissector of an IP protocol over payloads that follow an IP header. */
export function runPacket(
  dissector: PacketDissector,
  payloads: readonly Uint8Array[],
  around: PacketSurroundings,
): Collected {
  watcher?.({ kind: 'packet', name: dissector.name, payloads });
  const run = prepare(dissector.name, {});
  const report = new BareFrameReporter(run.context);
  for (const payload of payloads) dissector.onPacket(payload, around, report);
  run.collected.recognised = 'yes';
  return finish(run);
}

function prepare(name: string, options: HarnessOptions): Run {
  const collected: Collected = {
    recognised: 'more',
    ended: false,
    sightings: [],
    application: null,
    protection: 'unknown',
    notes: {},
    malformed: {},
  };
  const about: ConversationFacts = { application: name, protection: 'unknown', notes: new Map() };
  const context: ReportContext = {
    redact: new Redactor(latin1('a key of the tests'), options.known ?? []),
    sink: (observation) => {
      const sighting = { ...observation, facts: structuredClone(boundedFacts(observation.facts)), marks: [] };
      collected.sightings.push(sighting);
      return sighting;
    },
    malformed: (cause) => {
      collected.malformed[cause] = (collected.malformed[cause] ?? 0) + 1;
    },
    maxNotes: defaultLimits.notes,
    now: () => 0,
  };
  const around = { client: testClient, server: testServer, clientPort: 50_000, serverPort: 1234 };
  return { around: { ...around, ...options.around }, context, about, collected };
}

function finish({ collected, about }: Run): Collected {
  if (collected.recognised === 'yes') collected.application = about.application;
  collected.protection = about.protection;
  collected.notes = Object.fromEntries(about.notes);
  return collected;
}

function segmentsOf([from, content]: Step, options: HarnessOptions): Step[] {
  if (typeof content === 'object' && 'lost' in content) return [[from, content]];
  const bytes = typeof content === 'string' ? latin1(content) : content;
  if (options.seed === undefined) return [[from, bytes]];
  const next = generator(options.seed + bytes.length);
  const segments: Step[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = 1 + (next() % (options.longest ?? 1460));
    segments.push([from, bytes.subarray(at, at + length)]);
    at += length;
  }
  return segments;
}

function recognise(dissector: StreamDissector, segments: readonly Step[], around: Surroundings): Recognition {
  const first: Record<Side, Uint8Array> = { client: new Uint8Array(0), server: new Uint8Array(0) };
  for (const [from, content] of segments) {
    if (!(content instanceof Uint8Array)) break;
    const joined = new Uint8Array([...first[from], ...content.subarray(0, RECOGNITION_BYTES)]);
    first[from] = joined.subarray(0, RECOGNITION_BYTES);
    const answer = dissector.recognise(first.client, first.server, around);
    if (answer !== 'more') return answer;
  }
  return 'more';
}

function play(dissector: StreamDissector, segments: readonly Step[], run: Run): void {
  const report = new ConversationReporter(run.context, run.around, 'tcp', run.about);
  const feed = new SessionFeed(dissector.open(report, run.around));
  for (const [from, content] of segments) {
    if (content instanceof Uint8Array) feed.data(from, new Uint8Array(content));
    else if (typeof content !== 'string') feed.gap(from, content.lost);
  }
  run.collected.ended = !feed.alive;
  feed.end();
}

/** A small linear congruential generator (Numerical Recipes' constants): tests need repeatable chance, not good chance. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
