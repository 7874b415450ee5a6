/** A hospital's traffic as one capture file: the same options give the same bytes. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Chance } from './chance.ts';
import { type Dialogue, dicom, dns, hl7, http, ntp, scan, tls, waveform } from './dialogues.ts';
import { type Host, type Pair, tcpFrame, udpFrame } from './frames.ts';

export interface TrafficOptions {
  megabytes: number;
  seed: number;
}

export interface Traffic {
  packets: number;
  bytes: number;
  flows: number;
}

const SYN = 2;
const ACK = 16;
const FIN = 1;
const SEGMENT = 1460;
const AT_ONCE = 600;
const EMPTY = new Uint8Array(0);

/** Who takes part in one kind of traffic: how many clients there are, how many servers, and how many of them each client uses. */
interface Kind {
  /** Of a thousand connections, how many are of this kind. */
  share: number;
  make: (chance: Chance) => Dialogue;
  clients: number;
  servers: number;
  /** Servers that one client uses: devices keep to their own few. */
  each: number;
}

const DEVICES = 4000;

const mixture: readonly Kind[] = [
  { share: 400, make: dns, clients: DEVICES, servers: 2, each: 2 },
  { share: 120, make: ntp, clients: DEVICES, servers: 2, each: 1 },
  { share: 150, make: http, clients: DEVICES, servers: 20, each: 3 },
  { share: 100, make: tls, clients: DEVICES, servers: 40, each: 5 },
  { share: 60, make: hl7, clients: 600, servers: 4, each: 1 },
  { share: 140, make: scan, clients: 2, servers: DEVICES, each: DEVICES },
  { share: 25, make: waveform, clients: 400, servers: 8, each: 1 },
  { share: 5, make: dicom, clients: 60, servers: 4, each: 2 },
];

export function writeTraffic(path: string, options: TrafficOptions): Traffic {
  const chance = new Chance(options.seed);
  const file = new PcapFile(path);
  const limit = options.megabytes * 1_000_000;
  const active: Iterator<Buffer>[] = [];
  let flows = 0;
  while (file.bytes < limit) {
    while (active.length < AT_ONCE) {
      active.push(framesOf(pick(chance), flows, chance));
      flows += 1;
    }
    const at = chance.below(active.length);
    // A burst of one flow, as a busy link shows them.
    for (let burst = 1 + chance.below(6); burst > 0; burst--) {
      const next = active[at]!.next();
      if (next.done === true) {
        active.splice(at, 1);
        break;
      }
      file.write(next.value, chance.below(40));
    }
  }
  file.close();
  return { packets: file.packets, bytes: file.bytes, flows };
}

function pick(chance: Chance): Kind {
  let at = chance.below(1000);
  for (const kind of mixture) {
    if (at < kind.share) return kind;
    at -= kind.share;
  }
  return mixture[0]!;
}

const host = (number: number, network: number): Host => ({
  mac: 0x020000000000 + network * 65_536 + number,
  ip: 0x0a000000 + network * 65_536 + number,
});

function* framesOf(kind: Kind, flow: number, chance: Chance): Generator<Buffer> {
  const dialogue = kind.make(chance);
  const client = chance.below(kind.clients);
  const server = (client * 7 + chance.below(kind.each)) % kind.servers;
  const pair: Pair = {
    client: host(1 + client, 1),
    server: host(1 + server, 2),
    clientPort: 32_768 + (flow % 28_000),
    serverPort: dialogue.port,
  };
  if (dialogue.transport === 'tcp') yield* disturbed(tcpFrames(pair, dialogue, chance), chance);
  else for (const turn of dialogue.turns) yield udpFrame(pair, turn.fromClient, turn.bytes);
}

function* tcpFrames(pair: Pair, dialogue: Dialogue, chance: Chance): Generator<Buffer> {
  let client = chance.below(0xffffffff);
  let server = chance.below(0xffffffff);
  yield tcpFrame(pair, true, SYN, client, 0, EMPTY);
  if (dialogue.turns.length === 0) return;
  yield tcpFrame(pair, false, SYN | ACK, server, client + 1, EMPTY);
  client += 1;
  server += 1;
  yield tcpFrame(pair, true, ACK, client, server, EMPTY);
  for (const { fromClient, bytes } of dialogue.turns) {
    for (let at = 0; at < bytes.length; at += SEGMENT) {
      const part = bytes.subarray(at, at + SEGMENT);
      yield tcpFrame(
        pair,
        fromClient,
        ACK | 8,
        fromClient ? client : server,
        fromClient ? server : client,
        part,
      );
      if (fromClient) client += part.length;
      else server += part.length;
      const isSecond = (at / SEGMENT) % 2 === 1 || at + SEGMENT >= bytes.length;
      if (isSecond)
        yield tcpFrame(
          pair,
          !fromClient,
          ACK,
          fromClient ? server : client,
          fromClient ? client : server,
          EMPTY,
        );
    }
  }
  yield tcpFrame(pair, true, FIN | ACK, client, server, EMPTY);
  yield tcpFrame(pair, false, FIN | ACK, server, client + 1, EMPTY);
  yield tcpFrame(pair, true, ACK, client + 1, server + 1, EMPTY);
}

/** One frame in 2000 is lost for good, one in 500 is overtaken by the next, one in 500 is sent twice. */
function* disturbed(frames: Iterable<Buffer>, chance: Chance): Generator<Buffer> {
  let late: Buffer | null = null;
  for (const frame of frames) {
    if (chance.oneIn(2000)) continue;
    if (late === null && chance.oneIn(500)) {
      late = frame;
      continue;
    }
    yield frame;
    if (late !== null) yield late;
    late = null;
    if (chance.oneIn(500)) yield frame;
  }
  if (late !== null) yield late;
}

class PcapFile {
  packets = 0;
  bytes = 0;
  readonly #file: number;
  readonly #buffer = Buffer.alloc(1 << 20);
  #used = 0;
  #micros = 1_795_000_000_000_000;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
    const head = Buffer.alloc(24);
    head.writeUInt32LE(0xa1b2c3d4);
    head.writeUInt16LE(2, 4);
    head.writeUInt16LE(4, 6);
    head.writeUInt32LE(262_144, 16);
    head.writeUInt32LE(1, 20);
    this.#append(head);
  }

  write(frame: Buffer, later: number): void {
    this.#micros += later;
    if (this.#used + 16 + frame.length > this.#buffer.length) this.#flush();
    const buffer = this.#buffer;
    buffer.writeUInt32LE(Math.floor(this.#micros / 1_000_000), this.#used);
    buffer.writeUInt32LE(this.#micros % 1_000_000, this.#used + 4);
    buffer.writeUInt32LE(frame.length, this.#used + 8);
    buffer.writeUInt32LE(frame.length, this.#used + 12);
    this.#used += 16;
    this.#append(frame);
    this.packets += 1;
    this.bytes += frame.length + 16;
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #append(bytes: Buffer): void {
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#used);
    this.#used = 0;
  }
}
