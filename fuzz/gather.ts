/**
 * `npm run fuzz -- --gather`: seeds for every target, from what the sensor's own tests feed its dissectors and from
 * captures beside the repository whose licences allow it. `--minimise` then keeps the few that matter.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readCapture } from '../packages/sensor/src/capture/read-capture.ts';
import type {
  DatagramDissector,
  Side,
  StreamDissector,
  StreamSession,
  Surroundings,
} from '../packages/sensor/src/dissector.ts';
import {
  datagramDissectors,
  frameDissectors,
  packetDissectors,
  streamDissectors,
} from '../packages/sensor/src/dissectors/index.ts';
import { Redactor } from '../packages/sensor/src/redactor.ts';
import { sense } from '../packages/sensor/src/sense.ts';
import { gathered, load, root, save } from './corpus.ts';
import { bounded, CLIENT, type Input, LARGEST_INPUT, nameOf, portsStep, SERVER, type Step } from './input.ts';

/** Captures under BSD and MIT licences (see `fuzz/corpus/README.md`). */
const captureFolders = [
  'tcpdump',
  'zeek',
  'suricata-verify',
  'icsnpp-bacnet',
  'iot-sentinel',
  'medical-mpa-synthetic',
];
const captures = join(root, '../shared/data/pcap');
/** Seeds of one target; with many captures of one protocol the later ones show little that is new. */
const MOST_SEEDS = 4000;
const MOST_FRAMES = 24;

class Seeds {
  readonly #byTarget = new Map<string, Map<string, Input>>();

  add(id: string, input: Input): void {
    const inputs = this.#byTarget.get(id) ?? new Map<string, Input>();
    this.#byTarget.set(id, inputs);
    if (inputs.size < MOST_SEEDS && input.length > 0) inputs.set(nameOf(input), input);
  }

  save(): void {
    for (const [id, inputs] of this.#byTarget) {
      save(gathered, id, [...inputs.values()]);
      console.log(`${id}: ${inputs.size} seeds`);
    }
  }
}

export async function gather(folders: readonly string[]): Promise<number> {
  const seeds = new Seeds();
  await fromTests(seeds, folders);
  for (const file of folders.length > 0 ? [] : captureFiles()) await fromCapture(join(captures, file), seeds);
  seeds.save();
  return 0;
}

async function fromTests(seeds: Seeds, folders: readonly string[]): Promise<void> {
  const folder = join(root, '.tmp/fuzz/tests');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config',
    'fuzz/collect.config.ts',
    ...(folders.length > 0
      ? folders.map((name) => `packages/sensor/src/dissectors/${name}/`)
      : ['packages/sensor/src/dissectors']),
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  await new Promise((resolve) => child.on('close', resolve));
  for (const file of globSync('*/*/*.bin', { cwd: folder }).sort()) {
    const [run = '', ...id] = file.split('/');
    const name = id.join('/').replace('.bin', '');
    for (const input of load(join(folder, run), name)) seeds.add(name, input);
  }
}

function captureFiles(): string[] {
  if (!existsSync(captures)) return [];
  return globSync(`{${captureFolders.join(',')}}/**/*.{pcap,pcapng}`, { cwd: captures }).sort();
}

async function fromCapture(path: string, seeds: Seeds): Promise<void> {
  const bytes = readFileSync(path);
  if (bytes.length <= LARGEST_INPUT) seeds.add('sensor/captures', [{ kind: CLIENT, bytes }]);
  const frames: Step[] = [];
  const reading = readCapture(chunks(bytes), relative(root, path), (linkType, buffer, start, end) => {
    if (frames.length < MOST_FRAMES)
      frames.push({ kind: linkType & 0xffff, bytes: buffer.slice(start, end) });
    return false;
  });
  for (let step = await reading.next(); step.done !== true; step = await reading.next());
  seeds.add('sensor/frames', bounded(frames));
  await fromDissectors(bytes, seeds);
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Runs the sensor with dissectors that note what they are shown. */
async function fromDissectors(bytes: Uint8Array, seeds: Seeds): Promise<void> {
  const dissectors = {
    stream: streamDissectors.map((dissector) => listeningStream(dissector, seeds)),
    datagram: datagramDissectors.map((dissector) => listeningDatagram(dissector, seeds)),
    frame: frameDissectors.map((dissector) => ({
      ...dissector,
      onFrame: (payload: Uint8Array) =>
        seeds.add(`${dissector.name}/frame`, [{ kind: CLIENT, bytes: payload.slice() }]),
    })),
    packet: packetDissectors.map((dissector) => ({
      ...dissector,
      onPacket: (payload: Uint8Array) =>
        seeds.add(`${dissector.name}/packet`, [{ kind: CLIENT, bytes: payload.slice() }]),
    })),
  };
  const redactor = new Redactor(new Uint8Array(32), []);
  const options = { file: 'gather', sensor: 'gather', stream: 'gather', redactor, dissectors };
  for await (const _ of sense(chunks(bytes), options));
}

function listeningDatagram(dissector: DatagramDissector, seeds: Seeds): DatagramDissector {
  const note = (payload: Uint8Array, from: Side, { clientPort, serverPort }: Surroundings) => {
    const kind = from === 'client' ? CLIENT : SERVER;
    const ports = portsStep(clientPort, serverPort);
    seeds.add(`${dissector.name}/datagram`, [ports, { kind, bytes: payload.slice() }]);
  };
  const listening: DatagramDissector = {
    ...dissector,
    onDatagram: (payload, from, _report, around) => note(payload, from, around),
  };
  if (dissector.open) {
    listening.open = () => ({
      onDatagram(payload, from, _report, around) {
        note(payload, from, around);
        return true;
      },
    });
  }
  return listening;
}

function listeningStream(dissector: StreamDissector, seeds: Seeds): StreamDissector {
  return {
    ...dissector,
    open(report, around) {
      const heard = new Heard(dissector.open(report, around));
      return {
        onData: (from, bytes) => heard.onData(from, bytes),
        onGap: (from, length) => heard.session.onGap?.(from, length) ?? false,
        onEnd() {
          heard.session.onEnd?.();
          seeds.add(`${dissector.name}/stream`, heard.steps);
        },
      };
    },
  };
}

/** Notes the bytes of a session once each: what it left comes again. */
class Heard {
  readonly session: StreamSession;
  readonly steps: Step[] = [];
  readonly #left: Record<Side, number> = { client: 0, server: 0 };
  #room = LARGEST_INPUT;

  constructor(session: StreamSession) {
    this.session = session;
  }

  onData(from: Side, bytes: Uint8Array): number {
    const fresh = bytes.slice(this.#left[from], this.#left[from] + this.#room);
    if (fresh.length > 0) this.steps.push({ kind: from === 'client' ? CLIENT : SERVER, bytes: fresh });
    this.#room -= fresh.length;
    const consumed = this.session.onData(from, bytes);
    this.#left[from] = Math.max(0, bytes.length - Math.max(0, consumed));
    return consumed;
  }
}
