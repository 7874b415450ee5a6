import type { DatagramDissector, DatagramSession, Reporter, Side, Surroundings } from '../dissector.ts';
import { BYTES, CLIENT_IS_B, type ConnectionTable, INSPECTION, MISSES } from '../flow/connection-table.ts';
import { BY_PROTOCOL, type Directions } from '../flow/direction.ts';
import type { HostTable } from '../flow/host-table.ts';
import type { Packet } from '../network/packet.ts';
import type { Names } from '../report/names.ts';
import { ConversationReporter, type ReportContext } from '../report/reporter.ts';
import type { Tally } from '../report/tally.ts';
import { surroundingsOf } from './streams.ts';

const GOING_ON = 1;
const OVER = 2;
const FOLLOWED = 3;
/** Datagrams of one port pair that nobody recognised before nobody is asked any more. */
const MOST_MISSES = 4;

export interface DatagramsParts {
  connections: ConnectionTable;
  hosts: HostTable;
  directions: Directions;
  names: Names;
  context: ReportContext;
  tally: Tally;
  dissectors: readonly DatagramDissector[];
  /** Sessions held at once. */
  sessions: number;
}

interface Followed {
  dissector: DatagramDissector;
  session: DatagramSession;
}

type Choice = readonly (readonly DatagramDissector[])[];

/** Worked out once for each list: a sensor that reads a few packets would need longer for it than for them. */
const choices = new WeakMap<readonly DatagramDissector[], Choice>();

function byFirstByte(dissectors: readonly DatagramDissector[]): Choice {
  const known = choices.get(dissectors);
  if (known) return known;
  const sorted = dissectors.toSorted((a, b) => a.cost - b.cost);
  const choice = Array.from({ length: 256 }, (_, byte) =>
    sorted.filter(({ firstBytes }) => firstBytes?.includes(byte) ?? true),
  );
  choices.set(dissectors, choice);
  return choice;
}

/** Has each UDP datagram recognised by its content and dissected. */
export class Datagrams {
  readonly #parts: DatagramsParts;
  /** By the first byte, in order of cost. */
  readonly #byFirstByte: Choice;

  /** By connection, the oldest first. */
  readonly #sessions = new Map<number, Followed>();

  constructor(parts: DatagramsParts) {
    this.#parts = parts;
    this.#byFirstByte = byFirstByte(parts.dissectors);
  }

  datagram(entry: number, packet: Packet, buffer: Uint8Array): void {
    const { connections } = this.#parts;
    const inspection = connections.bytes[entry * BYTES + INSPECTION]!;
    if (inspection === OVER || packet.payloadStart >= packet.payloadEnd) return;
    const payload = buffer.subarray(packet.payloadStart, packet.payloadEnd);
    const around = surroundingsOf(this.#parts, entry, connections.bytes[entry * BYTES + CLIENT_IS_B] === 1);
    const follower = inspection === FOLLOWED ? this.#sessions.get(entry)?.dissector : undefined;
    const taker = follower ?? this.#takerOf(this.#sender(entry), payload, around);
    if (taker) {
      if (!follower) connections.bytes[entry * BYTES + INSPECTION] = GOING_ON;
      this.#dissect(entry, taker, payload, around);
    } else if (inspection !== GOING_ON) {
      connections.bytes[entry * BYTES + MISSES]! += 1;
      if (connections.bytes[entry * BYTES + MISSES]! >= MOST_MISSES)
        connections.bytes[entry * BYTES + INSPECTION] = OVER;
    }
  }

  /** Gives up what is remembered of a connection. */
  forget(entry: number): void {
    if (this.#sessions.size > 0) this.#sessions.delete(entry);
  }

  #takerOf(from: Side, payload: Uint8Array, around: Surroundings): DatagramDissector | null {
    for (const dissector of this.#byFirstByte[payload[0]!]!) {
      try {
        if (dissector.recognise(payload, from, around)) return dissector;
      } catch {
        this.#parts.tally.dropped(`fault-${dissector.name}`);
      }
    }
    return null;
  }

  #dissect(entry: number, dissector: DatagramDissector, payload: Uint8Array, before: Surroundings): void {
    const { connections, names, context, tally } = this.#parts;
    const facts = names.load(connections, entry);
    facts.application = dissector.name;
    try {
      const flipped = this.#settle(entry, dissector.serverSide?.(payload) ?? null);
      const around = flipped
        ? surroundingsOf(this.#parts, entry, connections.bytes[entry * BYTES + CLIENT_IS_B] === 1)
        : before;
      const report = new ConversationReporter(context, around, 'udp', facts);
      this.#handOver(entry, dissector, payload, report, around);
    } catch {
      tally.dropped(`fault-${dissector.name}`);
      this.forget(entry);
    }
    names.store(connections, entry, facts);
  }

  #handOver(
    entry: number,
    dissector: DatagramDissector,
    payload: Uint8Array,
    report: Reporter,
    around: Surroundings,
  ): void {
    const from = this.#sender(entry);
    if (!dissector.open) {
      dissector.onDatagram(payload, from, report, around);
      return;
    }
    const session = this.#sessions.get(entry)?.session ?? this.#follow(entry, dissector, dissector.open());
    if (session.onDatagram(payload, from, report, around)) return;
    this.forget(entry);
    this.#parts.connections.bytes[entry * BYTES + INSPECTION] = OVER;
  }

  /** Where too many are followed, the one that was opened first is given up. */
  #follow(entry: number, dissector: DatagramDissector, session: DatagramSession): DatagramSession {
    const { connections, sessions, tally } = this.#parts;
    const oldest = this.#sessions.size >= sessions ? this.#sessions.keys().next().value : undefined;
    if (oldest !== undefined) {
      tally.evicted('datagram-sessions');
      this.#sessions.delete(oldest);
      connections.bytes[oldest * BYTES + INSPECTION] = OVER;
    }
    this.#sessions.set(entry, { dissector, session });
    connections.bytes[entry * BYTES + INSPECTION] = FOLLOWED;
    return session;
  }

  #sender(entry: number): Side {
    const { fromA, bytes } = this.#parts.connections;
    return fromA === (bytes[entry * BYTES + CLIENT_IS_B] === 1) ? 'server' : 'client';
  }

  /** Takes the content's word on who is the server; returns whether the sides changed. */
  #settle(entry: number, server: 'sender' | 'receiver' | null): boolean {
    if (server === null) return false;
    const senderIsA = this.#parts.connections.fromA;
    const serverIsA = (server === 'sender') === senderIsA;
    return this.#parts.directions.settle(entry, serverIsA, BY_PROTOCOL);
  }
}
