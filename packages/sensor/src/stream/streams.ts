import type { StreamDissector, StreamSession, Surroundings } from '../dissector.ts';
import {
  BASIS,
  BYTES,
  CLIENT_IS_B,
  type ConnectionTable,
  HOST_A,
  HOST_B,
  INSPECTION,
  KEY,
  NEXT_A,
  NEXT_B,
} from '../flow/connection-table.ts';
import { BY_PROTOCOL, BY_SYN, type Directions } from '../flow/direction.ts';
import type { HostTable } from '../flow/host-table.ts';
import { isEnded, knowsStart } from '../flow/tcp-state.ts';
import type { SensorLimits } from '../limits.ts';
import type { Packet } from '../network/packet.ts';
import { FIN, SYN } from '../network/transport.ts';
import type { Names } from '../report/names.ts';
import { Recent } from '../report/recent.ts';
import { ConversationReporter, type ReportContext } from '../report/reporter.ts';
import type { Tally } from '../report/tally.ts';
import { Candidates } from './candidates.ts';
import { type StreamOwner, TcpStream } from './tcp-stream.ts';

const GOING_ON = 1;
const OVER = 2;

export interface StreamsParts {
  connections: ConnectionTable;
  hosts: HostTable;
  directions: Directions;
  names: Names;
  context: ReportContext;
  limits: SensorLimits;
  tally: Tally;
  dissectors: readonly StreamDissector[];
}

/** The TCP streams that are being put in order, recognised or dissected; bounded in number and bytes. */
export class Streams implements StreamOwner {
  readonly limits: SensorLimits;
  readonly candidates: Candidates;
  readonly #parts: StreamsParts;
  readonly #streams: (TcpStream | undefined)[] = [];
  #open = 0;
  #bytes = 0;

  constructor(parts: StreamsParts) {
    this.#parts = parts;
    this.limits = parts.limits;
    this.candidates = new Candidates(parts.dissectors);
  }

  /** Bytes held by all streams. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Hands a segment's payload to the connection's stream, and ends the stream with the connection. */
  segment(entry: number, packet: Packet, buffer: Uint8Array): void {
    const { connections } = this.#parts;
    if (connections.bytes[entry * BYTES + INSPECTION] === OVER) return;
    const length = packet.payloadEnd - packet.payloadStart;
    const stream = this.#streams[entry] ?? (length > 0 ? this.#begin(entry) : undefined);
    if (stream === undefined) return;
    if (this.#concerns(stream, packet, length)) {
      try {
        this.#feed(stream, packet, buffer, length);
      } catch {
        this.#fault(stream);
      }
      this.#charge(stream);
    }
    if ((packet.tcpFlags & FIN) !== 0) {
      const own = connections.fromA ? stream.a : stream.b;
      own.finish((packet.sequence + packet.payloadLength) | 0);
    }
    if (stream.over || isEnded(connections, entry)) this.end(entry);
  }

  /** Ends a connection's stream: its session learns that no more comes. */
  end(entry: number): void {
    const stream = this.#streams[entry];
    if (stream === undefined) return;
    try {
      stream.end();
    } catch {
      this.#fault(stream);
    }
    this.settle(entry);
    this.#streams[entry] = undefined;
    this.#parts.connections.bytes[entry * BYTES + INSPECTION] = OVER;
    this.#bytes -= stream.charged;
    this.#open -= 1;
  }

  /** Writes what a session said of its connection so far into the connection's columns. */
  settle(entry: number): void {
    const facts = this.#streams[entry]?.facts;
    if (facts) this.#parts.names.store(this.#parts.connections, entry, facts);
  }

  surroundings(stream: TcpStream, swapped: boolean): Surroundings {
    return surroundingsOf(this.#parts, stream.entry, stream.clientIsB !== swapped);
  }

  mayBeSwapped(stream: TcpStream): boolean {
    return this.#parts.connections.bytes[stream.entry * BYTES + BASIS] !== BY_SYN;
  }

  recognised(stream: TcpStream, dissector: StreamDissector): StreamSession {
    const { directions, context, names, connections } = this.#parts;
    const clientIsB = stream.clientIsB;
    directions.settle(stream.entry, clientIsB, BY_PROTOCOL);
    const around = surroundingsOf(this.#parts, stream.entry, clientIsB);
    // A session keeps its notes as long as it lives, so they are its own.
    const notes = new Map(names.notes(stream.entry));
    stream.facts = { ...names.load(connections, stream.entry), notes };
    stream.facts.application = dissector.name;
    const report = new ConversationReporter(context, around, 'tcp', stream.facts, new Recent());
    return dissector.open(report, around);
  }

  #begin(entry: number): TcpStream | undefined {
    const { connections, tally, limits } = this.#parts;
    if (this.candidates.isEmpty || this.#open >= limits.streams) {
      connections.bytes[entry * BYTES + INSPECTION] = OVER;
      if (!this.candidates.isEmpty) tally.evicted('streams');
      return undefined;
    }
    const stream = new TcpStream(this, entry);
    stream.clientIsB = connections.bytes[entry * BYTES + CLIENT_IS_B] === 1;
    if (knowsStart(connections, entry, true)) stream.a.startAt(connections.key[entry * KEY + NEXT_A]!);
    if (knowsStart(connections, entry, false)) stream.b.startAt(connections.key[entry * KEY + NEXT_B]!);
    this.#streams[entry] = stream;
    this.#open += 1;
    connections.bytes[entry * BYTES + INSPECTION] = GOING_ON;
    return stream;
  }

  #feed(stream: TcpStream, packet: Packet, buffer: Uint8Array, length: number): void {
    const sideA = this.#parts.connections.fromA;
    const own = sideA ? stream.a : stream.b;
    if (length > 0) {
      const bytes = buffer.subarray(packet.payloadStart, packet.payloadEnd);
      // A SYN takes a number of its own in front of the data it carries (RFC 9293 §3.4; RFC 7413 sends data with it).
      const sequence = (packet.sequence + ((packet.tcpFlags & SYN) !== 0 ? 1 : 0)) | 0;
      own.segment(sequence, bytes, packet.payloadLength - length);
    }
    (sideA ? stream.b : stream.a).acknowledged(packet.acknowledgement);
  }

  #charge(stream: TcpStream): void {
    const held = stream.heldBytes;
    this.#bytes += held - stream.charged;
    stream.charged = held;
    if (this.#bytes <= this.limits.streamBytes) return;
    this.#parts.tally.evicted('stream-bytes');
    this.end(stream.entry);
  }

  /** False where a segment has nothing to say: an acknowledgement that nobody waits for, or bytes to be skipped. */
  #concerns(stream: TcpStream, packet: Packet, length: number): boolean {
    const { fromA } = this.#parts.connections;
    if ((fromA ? stream.b : stream.a).isWaiting) return true;
    if (length === 0) return false;
    return packet.payloadLength !== length || !stream.skips(fromA, packet.sequence, length);
  }

  /** A dissector that throws is broken; it loses its stream, and the sensor goes on. */
  #fault(stream: TcpStream): void {
    this.#parts.tally.dropped(`fault-${stream.facts?.application ?? 'recognition'}`);
    stream.abandon();
  }
}

/** Both ends of a connection as dissectors see them. */
export function surroundingsOf(
  parts: Pick<StreamsParts, 'connections' | 'hosts'>,
  entry: number,
  clientIsB: boolean,
): Surroundings {
  const { connections, hosts } = parts;
  const a = hosts.endpoint(connections.key[entry * KEY + HOST_A]!);
  const b = hosts.endpoint(connections.key[entry * KEY + HOST_B]!);
  const portA = connections.portA(entry);
  const portB = connections.portB(entry);
  return clientIsB
    ? { client: b, server: a, clientPort: portB, serverPort: portA }
    : { client: a, server: b, clientPort: portA, serverPort: portB };
}
