/**
 * What is fuzzed, made of the sensor's own lists of dissectors, so that a new dissector is a new target: each dissector
 * alone, the whole sensor by frames, and the reader of capture files.
 */
import { conversationSchema, type Sighting, sensorBatchSchema, sightingSchema } from '@wardline/model';
import type {
  DatagramDissector,
  FrameDissector,
  PacketDissector,
  Side,
  StreamDissector,
} from '../packages/sensor/src/dissector.ts';
import {
  datagramDissectors,
  frameDissectors,
  packetDissectors,
  streamDissectors,
} from '../packages/sensor/src/dissectors/index.ts';
import { Sensor, type SensorDelta } from '../packages/sensor/src/engine.ts';
import { Redactor } from '../packages/sensor/src/redactor.ts';
import { BareFrameReporter } from '../packages/sensor/src/report/reporter.ts';
import type { Observation } from '../packages/sensor/src/report/sink.ts';
import { sense } from '../packages/sensor/src/sense.ts';
import {
  type Collected,
  type Step as HarnessStep,
  runDatagram,
  runFrame,
  runStream,
  testClient,
  testServer,
} from '../packages/sensor/src/testing/harness.ts';
import {
  CLIENT,
  CLIENT_LOST,
  type Input,
  PORTS,
  portsOf,
  SERVER,
  SERVER_LOST,
  sizeOf,
  spoken,
} from './input.ts';

export interface Target {
  /** As `--target` names it, and where its corpus lies: `mqtt/stream`. */
  id: string;
  kinds: readonly number[];
  /** Throws where the input shows a fault. */
  run(input: Input): void | Promise<void>;
  /** Costlier rules, held against inputs that showed something new. */
  examine?(input: Input): void;
}

export function allTargets(): Target[] {
  return [
    ...streamDissectors.map(streamTarget),
    ...datagramDissectors.map(datagramTarget),
    ...frameDissectors.map(frameTarget),
    ...packetDissectors.map(packetTarget),
    engineTarget,
    captureTarget,
  ];
}

function streamTarget(dissector: StreamDissector): Target {
  return {
    id: `${dissector.name}/stream`,
    kinds: [CLIENT, SERVER, CLIENT, SERVER, CLIENT_LOST, SERVER_LOST, PORTS],
    run(input) {
      const steps = spoken(input).map(harnessStep);
      const around = portsOf(input);
      const first = runStream(dissector, steps, { around });
      accept(first);
      if (first.recognised !== 'yes') accept(runStream(dissector, steps, { force: true, around }));
      askSpeaker(dissector, input);
    },
    examine: (input) => sameInAnySegmentation(dissector, input),
  };
}

function harnessStep({ kind, bytes }: Input[number]): HarnessStep {
  const from = (kind & 1) === CLIENT ? 'client' : 'server';
  return (kind & 2) === 0 ? [from, bytes] : [from, { lost: Math.max(1, bytes.length) }];
}

function askSpeaker(dissector: StreamDissector, input: Input): void {
  for (const { bytes } of input) dissector.speaker?.(bytes);
}

/** However the network cuts a whole stream, the same is said of it. */
function sameInAnySegmentation(dissector: StreamDissector, input: Input): void {
  if (input.some(({ kind }) => (kind & 2) !== 0) || sizeOf(input) > 1000) return;
  const steps = spoken(input).map(harnessStep);
  const around = portsOf(input);
  const whole = runStream(dissector, steps, { around });
  if (whole.recognised !== 'yes') return;
  for (const longest of [1, 3, 50]) {
    const cut = runStream(dissector, steps, { seed: 7, longest, around });
    if (wordsOf(cut) === wordsOf(whole)) continue;
    throw new Error(`other facts in segments of at most ${longest} bytes: ${difference(whole, cut)}`);
  }
}

function wordsOf({ recognised, sightings, application, protection, notes }: Collected): string {
  return JSON.stringify({ recognised, sightings, application, protection, notes });
}

function difference(whole: Collected, cut: Collected): string {
  const kinds = (of: Collected) => `${of.recognised} ${of.sightings.map(({ kind }) => kind).join(' ')}`;
  return `${kinds(whole)} against ${kinds(cut)}`;
}

function datagramTarget(dissector: DatagramDissector): Target {
  return {
    id: `${dissector.name}/datagram`,
    kinds: [CLIENT, SERVER, CLIENT, SERVER, PORTS],
    run(input) {
      const around = portsOf(input);
      const datagrams = spoken(input).map(datagramStep);
      for (const [, bytes] of datagrams) dissector.serverSide?.(bytes);
      accept(runDatagram(dissector, datagrams, { around }));
    },
  };
}

function datagramStep({ kind, bytes }: Input[number]): [from: Side, payload: Uint8Array] {
  return [kind === SERVER ? 'server' : 'client', bytes];
}

function frameTarget(dissector: FrameDissector): Target {
  return {
    id: `${dissector.name}/frame`,
    kinds: [CLIENT],
    run: (input) =>
      accept(
        runFrame(
          dissector,
          input.map(({ bytes }) => bytes),
        ),
      ),
  };
}

function packetTarget(dissector: PacketDissector): Target {
  return {
    id: `${dissector.name}/packet`,
    kinds: [CLIENT, SERVER],
    run: (input) => runPackets(dissector, input),
  };
}

function runPackets(dissector: PacketDissector, input: Input): void {
  const sink = (observation: Observation) => {
    acceptSighting({ ...observation, marks: [] });
    return null;
  };
  const report = new BareFrameReporter({
    redact: redactor,
    sink,
    malformed: () => {},
    maxNotes: 16,
    now: () => 0,
  });
  for (const { kind, bytes } of input) {
    const [source, target] = kind === CLIENT ? [testClient, testServer] : [testServer, testClient];
    dissector.onPacket(bytes, { source, target, hopLimit: 255 }, report);
  }
}

/** What a dissector said must be what may cross a machine boundary. */
function accept({ sightings }: Collected): void {
  for (const sighting of sightings) acceptSighting(sighting);
}

function acceptSighting(sighting: Observation & { marks: string[] }): void {
  const seen = { firstSeen: 0, lastSeen: 0, count: 1, evidence: { capture: 'fuzz', packet: 1 } };
  sightingSchema.parse({ ...sighting, marks: sighting.marks.slice(0, 8), ...seen });
}

const redactor = new Redactor(new Uint8Array(32), []);

/** Bounds so small that a short input meets them. */
const tight = {
  connections: 6,
  idleMicros: 40_000_000,
  sliceMicros: 10_000_000,
  sightings: 40,
  rows: 8,
  streams: 3,
  streamBytes: 6000,
  reorderBytes: 2000,
  reorderSegments: 6,
  fragments: 4,
};

/** Link types of tcpdump.org that real captures have; the kind of a step is one. */
const LINK_TYPES = [
  0, 1, 1, 1, 6, 9, 50, 51, 101, 104, 105, 107, 108, 109, 113, 119, 127, 163, 192, 228, 229, 240, 276,
];

/** The whole sensor by frames. */
const engineTarget: Target = {
  id: 'sensor/frames',
  kinds: LINK_TYPES,
  run(input) {
    const sensor = new Sensor({ capture: 'fuzz', redactor, limits: tight });
    let packets = 0;
    input.forEach(({ kind, bytes }, i) => {
      sensor.frame(kind, bytes, 0, bytes.length, bytes.length + (i % 5 === 4 ? 9 : 0), i * 1_500_000, i + 1);
      holdBounds(sensor);
      if (sensor.full) packets += acceptDelta(sensor.drain());
    });
    for (const delta of ends(sensor)) packets += acceptDelta(delta);
    if (packets !== input.length) throw new Error(`${input.length} packets went in, ${packets} came out`);
  },
};

function ends(sensor: Sensor): Iterable<SensorDelta> {
  const end: SensorDelta | Iterable<SensorDelta> = sensor.finish();
  return Symbol.iterator in end ? end : [end];
}

function holdBounds(sensor: Sensor): void {
  if (sensor.connections > tight.connections) throw new Error(`${sensor.connections} connections are held`);
  if (sensor.streamBytes > tight.streamBytes)
    throw new Error(`${sensor.streamBytes} bytes of streams are held`);
}

function acceptDelta({ conversations, sightings, statistics }: SensorDelta): number {
  for (const conversation of conversations) conversationSchema.parse(conversation);
  for (const sighting of sightings) sightingSchema.parse(sighting satisfies Sighting);
  acceptDropped(statistics.dropped);
  return statistics.packets;
}

/** A dissector that throws is caught by the sensor and counted. */
function acceptDropped(dropped: Record<string, number>): void {
  const fault = Object.keys(dropped).find((cause) => cause.startsWith('fault-'));
  if (fault !== undefined) throw new Error(`the sensor caught a ${fault}`);
}

/** Capture files, in chunks as the steps cut them. */
const captureTarget: Target = {
  id: 'sensor/captures',
  kinds: [CLIENT],
  async run(input) {
    const options = { file: 'fuzz', sensor: 'fuzz', stream: 'fuzz', redactor, limits: tight };
    for await (const batch of sense(chunksOf(input), options)) {
      sensorBatchSchema.parse(batch);
      acceptDropped(batch.statistics.dropped);
    }
  },
};

async function* chunksOf(input: Input): AsyncGenerator<Uint8Array> {
  for (const { bytes } of input) yield bytes;
}
