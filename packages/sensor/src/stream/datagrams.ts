import type { DatagramDissector } from '../dissector.ts';
import type { ConnectionTable } from '../flow/connection-table.ts';
import { BY_PROTOCOL, type Directions } from '../flow/direction.ts';
import type { HostTable } from '../flow/host-table.ts';
import type { Packet } from '../network/packet.ts';
import type { Names } from '../report/names.ts';
import { ConversationReporter, type ReportContext } from '../report/reporter.ts';
import type { Tally } from '../report/tally.ts';
import { surroundingsOf } from './streams.ts';

const GOING_ON = 1;
const OVER = 2;
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
}

/** Has each UDP datagram recognised by its content and dissected. */
export class Datagrams {
  readonly #parts: DatagramsParts;
  readonly #dissectors: readonly DatagramDissector[];

  constructor(parts: DatagramsParts) {
    this.#parts = parts;
    this.#dissectors = [...parts.dissectors].sort((a, b) => a.cost - b.cost);
  }

  datagram(entry: number, packet: Packet, buffer: Uint8Array): void {
    const { connections } = this.#parts;
    if (connections.inspection[entry] === OVER || packet.payloadStart >= packet.payloadEnd) return;
    const payload = buffer.subarray(packet.payloadStart, packet.payloadEnd);
    const taker = this.#takerOf(entry, payload);
    if (taker) {
      connections.inspection[entry] = GOING_ON;
      this.#dissect(entry, taker, payload);
    } else if (connections.inspection[entry] !== GOING_ON) {
      connections.misses[entry]! += 1;
      if (connections.misses[entry]! >= MOST_MISSES) connections.inspection[entry] = OVER;
    }
  }

  #takerOf(entry: number, payload: Uint8Array): DatagramDissector | null {
    const { connections } = this.#parts;
    const clientIsB = connections.clientIsB[entry] === 1;
    const around = surroundingsOf(this.#parts, entry, clientIsB);
    const from = connections.fromA === clientIsB ? 'server' : 'client';
    for (const dissector of this.#dissectors) {
      try {
        if (dissector.recognise(payload, from, around)) return dissector;
      } catch {
        this.#parts.tally.dropped(`fault-${dissector.name}`);
      }
    }
    return null;
  }

  #dissect(entry: number, dissector: DatagramDissector, payload: Uint8Array): void {
    const { connections, names, context, tally } = this.#parts;
    const facts = names.load(connections, entry);
    facts.application = dissector.name;
    try {
      this.#settle(entry, dissector.serverSide?.(payload) ?? null);
      const clientIsB = connections.clientIsB[entry] === 1;
      const around = surroundingsOf(this.#parts, entry, clientIsB);
      const from = connections.fromA === clientIsB ? 'server' : 'client';
      dissector.onDatagram(payload, from, new ConversationReporter(context, around, 'udp', facts), around);
    } catch {
      tally.dropped(`fault-${dissector.name}`);
    }
    names.store(connections, entry, facts);
  }

  #settle(entry: number, server: 'sender' | 'receiver' | null): void {
    if (server === null) return;
    const senderIsA = this.#parts.connections.fromA;
    const serverIsA = (server === 'sender') === senderIsA;
    this.#parts.directions.settle(entry, serverIsA, BY_PROTOCOL);
  }
}
