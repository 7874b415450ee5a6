import type { SensorLimits } from '../limits.ts';
import type { Packet } from '../network/packet.ts';
import { ESP, TCP, UDP } from '../network/transport.ts';
import type { Names } from '../report/names.ts';
import type { SightingTable } from '../report/sightings.ts';
import type { Tally } from '../report/tally.ts';
import type { Datagrams } from '../stream/datagrams.ts';
import type { Streams } from '../stream/streams.ts';
import {
  BYTES,
  BYTES_A,
  BYTES_B,
  COUNTERS,
  type ConnectionTable,
  ESTABLISHED,
  EVENTS,
  EVIDENCE,
  FIRST_SEEN,
  HOST_A,
  HOST_B,
  KEY,
  LAST_SEEN,
  LIVE,
  metaOf,
  NONE,
  OPENED,
  PACKETS_A,
  PACKETS_B,
  PROTECTION,
  SLICE,
  SOURCE_SEEN,
  TCP_STATE,
  UNANSWERED,
} from './connection-table.ts';
import type { Directions } from './direction.ts';
import { type HostTable, placeOf } from './host-table.ts';
import type { Rollup } from './rollup.ts';
import { isUnansweredSyn, reopen } from './tcp-state.ts';

/** Connections looked at to find the one that is idle longest, when the table is full. */
const EVICTION_SAMPLE = 16;
const SPOKE_A = 64;
const SPOKE_B = 128;
const IPSEC = 11;

/** Of the frame being read: µs since the epoch, and its number in the capture from 1. */
export interface Moment {
  time: number;
  number: number;
}

interface Needs {
  table: ConnectionTable;
  hosts: HostTable;
  directions: Directions;
  names: Names;
  rollup: Rollup;
  sightings: SightingTable;
  streams: Streams;
  datagrams: Datagrams;
  tally: Tally;
  limits: SensorLimits;
  moment: Readonly<Moment>;
}

/** The life of connections: begun by their first packet, counted slice by slice, ended when idle or when room is needed. */
export class Connections {
  readonly table: ConnectionTable;
  readonly #hosts: HostTable;
  readonly #directions: Directions;
  readonly #names: Names;
  readonly #rollup: Rollup;
  readonly #sightings: SightingTable;
  readonly #streams: Streams;
  readonly #datagrams: Datagrams;
  readonly #tally: Tally;
  readonly #limits: SensorLimits;
  readonly #moment: Readonly<Moment>;
  /** Connections that counted something since the last drain. */
  changed = 0;
  #hand = 0;

  constructor(needs: Needs) {
    this.table = needs.table;
    this.#hosts = needs.hosts;
    this.#directions = needs.directions;
    this.#names = needs.names;
    this.#rollup = needs.rollup;
    this.#sightings = needs.sightings;
    this.#streams = needs.streams;
    this.#datagrams = needs.datagrams;
    this.#tally = needs.tally;
    this.#limits = needs.limits;
    this.#moment = needs.moment;
  }

  /** The connection that a packet is of; begun where it is the first. */
  of(packet: Packet): number {
    const source = packet.hasPorts ? packet.sourcePort : 0;
    const target = packet.hasPorts ? packet.targetPort : 0;
    const ports = (source << 16) | target;
    const meta = metaOf(packet);
    const entry = this.table.find(packet, ports, (target << 16) | source, meta);
    return entry === NONE ? this.#begin(packet, ports, meta) : entry;
  }

  #begin(packet: Packet, ports: number, meta: number): number {
    const table = this.table;
    if (table.count >= this.#limits.connections) this.#evict();
    const entry = table.add(packet, ports, meta);
    table.key[entry * KEY + HOST_A] = this.#sourceHost(packet);
    table.key[entry * KEY + HOST_B] = this.#targetHost(packet);
    table.bytes[entry * BYTES + SOURCE_SEEN] = 1;
    if (packet.hasPorts) table.bytes[entry * BYTES + EVENTS] = OPENED;
    if (packet.protocol === ESP) table.bytes[entry * BYTES + PROTECTION] = IPSEC;
    this.#startSlice(entry);
    this.#directions.begin(entry);
    return entry;
  }

  #startSlice(entry: number): void {
    const { sliceMicros } = this.#limits;
    const table = this.table;
    table.counters[entry * COUNTERS + SLICE] = Math.floor(this.#moment.time / sliceMicros) * sliceMicros;
    table.counters[entry * COUNTERS + FIRST_SEEN] = this.#moment.time;
    table.counters[entry * COUNTERS + LAST_SEEN] = this.#moment.time;
    table.counters[entry * COUNTERS + EVIDENCE] = this.#moment.number;
  }

  /** A packet counts; `length` as it was on the wire. */
  count(entry: number, packet: Packet, length: number): void {
    const table = this.table;
    this.#sliced(entry);
    const { fromA } = table;
    if (fromA) {
      table.counters[entry * COUNTERS + PACKETS_A]! += 1;
      table.counters[entry * COUNTERS + BYTES_A]! += length;
    } else {
      table.counters[entry * COUNTERS + PACKETS_B]! += 1;
      table.counters[entry * COUNTERS + BYTES_B]! += length;
    }
    const time = this.#moment.time;
    if (time > table.counters[entry * COUNTERS + LAST_SEEN]!)
      table.counters[entry * COUNTERS + LAST_SEEN] = time;
    else if (time < table.counters[entry * COUNTERS + FIRST_SEEN]!)
      table.counters[entry * COUNTERS + FIRST_SEEN] = time;
    this.#hosts.sent(this.#senderOf(entry, packet), packet.ttl, time, this.#moment.number);
  }

  /** Packets of another slice than the one being counted begin a new delta. */
  #sliced(entry: number): void {
    const table = this.table;
    const slice = table.counters[entry * COUNTERS + SLICE]!;
    if (
      table.counters[entry * COUNTERS + PACKETS_A] === 0 &&
      table.counters[entry * COUNTERS + PACKETS_B] === 0
    ) {
      this.changed += 1;
      this.#startSlice(entry);
    } else if (this.#moment.time < slice || this.#moment.time >= slice + this.#limits.sliceMicros) {
      this.#settleOne(entry);
      this.#startSlice(entry);
    }
  }

  /** The sender's host; the frame's source address corrects what was only guessed from a target address before. */
  #senderOf(entry: number, packet: Packet): number {
    const table = this.table;
    const { fromA } = table;
    const host = fromA ? table.key[entry * KEY + HOST_A]! : table.key[entry * KEY + HOST_B]!;
    const high = packet.hasSourceMac ? packet.sourceMacHigh : -1;
    const low = packet.hasSourceMac ? packet.sourceMacLow : 0;
    if (this.#hosts.hasMac(host, high, low)) return host;
    const actual = this.#sourceHost(packet);
    if (fromA) table.key[entry * KEY + HOST_A] = actual;
    else table.key[entry * KEY + HOST_B] = actual;
    this.#reportHost(this.#hosts.release(host));
    return actual;
  }

  #sourceHost(p: Packet): number {
    const high = p.hasSourceMac ? p.sourceMacHigh : -1;
    const low = p.hasSourceMac ? p.sourceMacLow : 0;
    return this.#hosts.acquire(
      p.source0,
      p.source1,
      p.source2,
      p.source3,
      high,
      low,
      placeOf(p.vlan, p.version),
    );
  }

  #targetHost(p: Packet): number {
    const high = p.hasTargetMac ? p.targetMacHigh : -1;
    const low = p.hasTargetMac ? p.targetMacLow : 0;
    return this.#hosts.acquire(
      p.target0,
      p.target1,
      p.target2,
      p.target3,
      high,
      low,
      placeOf(p.vlan, p.version),
    );
  }

  /** The side of the packet being read has spoken. */
  spoke(entry: number): void {
    const table = this.table;
    const before = table.bytes[entry * BYTES + TCP_STATE]!;
    const after = before | (table.fromA ? SPOKE_A : SPOKE_B);
    if (after === before) return;
    table.bytes[entry * BYTES + TCP_STATE] = after;
    if (after === (SPOKE_A | SPOKE_B)) table.bytes[entry * BYTES + EVENTS]! |= ESTABLISHED;
  }

  /** Looks at one more connection, and ends it where it is idle for too long. */
  expireNext(): void {
    const table = this.table;
    if (table.size === 0) return;
    this.#hand = this.#hand + 1 >= table.size ? 0 : this.#hand + 1;
    const entry = this.#hand;
    if (
      table.bytes[entry * BYTES + LIVE] === 1 &&
      table.counters[entry * COUNTERS + LAST_SEEN]! < this.#moment.time - this.#limits.idleMicros
    )
      this.end(entry);
  }

  /** Gives up the connection that is idle longest among a few; its counters are kept. */
  #evict(): void {
    const table = this.table;
    let oldest = NONE;
    for (let looked = 0; looked < EVICTION_SAMPLE || oldest === NONE; looked++) {
      this.#hand = this.#hand + 1 >= table.size ? 0 : this.#hand + 1;
      const entry = this.#hand;
      if (table.bytes[entry * BYTES + LIVE] === 0) continue;
      if (
        oldest === NONE ||
        table.counters[entry * COUNTERS + LAST_SEEN]! < table.counters[oldest * COUNTERS + LAST_SEEN]!
      )
        oldest = entry;
    }
    this.#tally.evicted('connections');
    this.end(oldest);
  }

  /** Its counters are handed over, and its place is free. */
  end(entry: number): void {
    const table = this.table;
    this.#streams.end(entry);
    this.#datagrams.forget(entry);
    if (this.#isUnanswered(entry)) table.bytes[entry * BYTES + EVENTS]! |= UNANSWERED;
    this.#rollup.add(entry);
    this.#names.forget(entry);
    this.#reportHost(this.#hosts.release(table.key[entry * KEY + HOST_A]!));
    this.#reportHost(this.#hosts.release(table.key[entry * KEY + HOST_B]!));
    table.remove(entry);
  }

  #isUnanswered(entry: number): boolean {
    const table = this.table;
    const protocol = table.protocol(entry);
    if (protocol === TCP) return isUnansweredSyn(table, entry);
    if (protocol !== UDP || !table.hasPorts(entry)) return false;
    const both = table.bytes[entry * BYTES + TCP_STATE] === (SPOKE_A | SPOKE_B);
    return !both && !this.#hosts.isGroup(table.key[entry * KEY + HOST_B]!);
  }

  /** What every connection and every host has to tell since the last time goes where it is drained from. */
  settle(): void {
    for (const entry of this.live()) this.#settleOne(entry);
    this.changed = 0;
    for (let host = 0; host < this.#hosts.size; host++) this.#reportHost(this.#hosts.takeReport(host));
  }

  /** A connection whose ports are used anew: what was before is another's. */
  reopen(entry: number): void {
    this.#streams.end(entry);
    this.#rollup.add(entry);
    this.#startSlice(entry);
    reopen(this.table, entry);
  }

  /** Entries of connections that are there now. */
  *live(): Generator<number> {
    for (let entry = 0; entry < this.table.size; entry++)
      if (this.table.bytes[entry * BYTES + LIVE] === 1) yield entry;
  }

  #settleOne(entry: number): void {
    this.#streams.settle(entry);
    this.#rollup.add(entry);
  }

  #reportHost(report: ReturnType<HostTable['takeReport']>): void {
    if (report) this.#sightings.addHost(report);
  }
}
