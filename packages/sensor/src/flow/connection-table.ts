import type { Packet } from '../network/packet.ts';
import { grown } from './host-table.ts';
import { finish, mix, SlotIndex } from './slot-index.ts';

const FIRST = 1024;
export const NONE = -1;

/**
 * A connection's numbers stand side by side, so that counting a packet touches three lines of the processor's cache
 * and not one for each column. Each array has a stride, and names for the places within it.
 */
export const KEY = 16;
/** Words 0 to 7 of `key` are the addresses of A and of B, 8 the ports (A's high), 9 protocol, version and VLAN. */
const PORTS = 8;
export const META = 9;
const HASH = 10;
export const HOST_A = 11;
export const HOST_B = 12;
/** Sequence number behind each side's SYN; valid where the TCP state says so. */
export const NEXT_A = 13;
export const NEXT_B = 14;

export const COUNTERS = 8;
export const PACKETS_A = 0;
export const PACKETS_B = 1;
export const BYTES_A = 2;
export const BYTES_B = 3;
export const FIRST_SEEN = 4;
export const LAST_SEEN = 5;
export const SLICE = 6;
/** Number of the packet that the slice began with. */
export const EVIDENCE = 7;

export const BYTES = 16;
export const LIVE = 0;
export const CLIENT_IS_B = 1;
export const BASIS = 2;
/** Bit 1: A's MAC address was seen as a source; bit 2: B's. */
export const SOURCE_SEEN = 3;
export const TCP_STATE = 4;
export const EVENTS = 5;
export const APPLICATION = 6;
export const PROTECTION = 7;
/** Stream or datagram inspection: 0 not begun, 1 going on, 2 over, 3 followed by a session. */
export const INSPECTION = 8;
/** Datagrams that nobody recognised. */
export const MISSES = 9;

/** What became of a connection, as bits of `events`; they are counted once when the connection's delta is rolled up. */
export const OPENED = 1;
export const ESTABLISHED = 2;
export const REFUSED = 4;
export const UNANSWERED = 8;
export const CLOSED = 16;
export const RESET = 32;

/**
 * Connections (TCP connections, UDP port pairs, address pairs of other transports) as numbers in few arrays. Side A sent
 * the first packet; which side is the client is told apart later. Counters are of the current time slice and since the
 * last roll-up. The fields are public to the engine's own modules and nothing else.
 */
export class ConnectionTable {
  readonly #index = new SlotIndex();
  readonly #seed: number;
  readonly #free: number[] = [];
  #capacity = FIRST;
  /** Entries ever used; `live` tells which are in use. */
  size = 0;
  count = 0;
  /** True where the packet of the last {@link find} came from side A. */
  fromA = true;
  #foundHash = 0;

  /** As in `key`, for the index. */
  #hash = new Int32Array(FIRST);
  key = new Int32Array(FIRST * KEY);
  counters = new Float64Array(FIRST * COUNTERS);
  bytes = new Uint8Array(FIRST * BYTES);

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The entry of the packet's addresses and ports in either order, or NONE; sets `fromA`. */
  find(packet: Packet, ports: number, swappedPorts: number, meta: number): number {
    const { source0, source1, source2, source3, target0, target1, target2, target3 } = packet;
    const hash = this.#hashOf(packet, ports, meta);
    this.#foundHash = hash;
    const { slots, mask } = this.#index;
    const { key } = this;
    for (
      let slot = hash & mask, entry = slots[slot]!;
      entry >= 0;
      slot = (slot + 1) & mask, entry = slots[slot]!
    ) {
      const k = entry * KEY;
      if (key[k + HASH] !== hash || key[k + META] !== meta) continue;
      const forward =
        key[k + PORTS] === ports &&
        key[k + 3] === source3 &&
        key[k + 7] === target3 &&
        key[k + 2] === source2 &&
        key[k + 6] === target2 &&
        key[k + 1] === source1 &&
        key[k + 5] === target1 &&
        key[k] === source0 &&
        key[k + 4] === target0;
      if (forward) {
        this.fromA = true;
        return entry;
      }
      const backward =
        key[k + PORTS] === swappedPorts &&
        key[k + 7] === source3 &&
        key[k + 3] === target3 &&
        key[k + 6] === source2 &&
        key[k + 2] === target2 &&
        key[k + 5] === source1 &&
        key[k + 1] === target1 &&
        key[k + 4] === source0 &&
        key[k] === target0;
      if (backward) {
        this.fromA = false;
        return entry;
      }
    }
    this.fromA = true;
    return NONE;
  }

  /** Adds the packet that {@link find} did not find. */
  add(packet: Packet, ports: number, meta: number): number {
    const entry = this.#free.pop() ?? this.size++;
    if (entry >= this.#capacity) this.#grow();
    this.#clear(entry);
    const { key } = this;
    const k = entry * KEY;
    key[k] = packet.source0;
    key[k + 1] = packet.source1;
    key[k + 2] = packet.source2;
    key[k + 3] = packet.source3;
    key[k + 4] = packet.target0;
    key[k + 5] = packet.target1;
    key[k + 6] = packet.target2;
    key[k + 7] = packet.target3;
    key[k + PORTS] = ports;
    key[k + META] = meta;
    key[k + HASH] = this.#foundHash;
    this.#hash[entry] = this.#foundHash;
    this.bytes[entry * BYTES + LIVE] = 1;
    this.count += 1;
    this.#index.add(entry, this.#hash);
    return entry;
  }

  remove(entry: number): void {
    this.#index.remove(entry, this.#hash);
    this.bytes[entry * BYTES + LIVE] = 0;
    this.count -= 1;
    this.#free.push(entry);
  }

  portA(entry: number): number {
    return this.key[entry * KEY + PORTS]! >>> 16;
  }

  portB(entry: number): number {
    return this.key[entry * KEY + PORTS]! & 0xffff;
  }

  protocol(entry: number): number {
    return this.key[entry * KEY + META]! & 0xff;
  }

  hasPorts(entry: number): boolean {
    return (this.key[entry * KEY + META]! & HAS_PORTS) !== 0;
  }

  /** Symmetrical in the two ends, so that both directions meet. */
  #hashOf(packet: Packet, ports: number, meta: number): number {
    let source = mix(this.#seed, packet.source3);
    let target = mix(this.#seed, packet.target3);
    if (packet.version === 6) {
      source = mix(mix(mix(source, packet.source0), packet.source1), packet.source2);
      target = mix(mix(mix(target, packet.target0), packet.target1), packet.target2);
    }
    source = mix(source, ports >>> 16);
    target = mix(target, ports & 0xffff);
    return finish(mix((source + target) | 0, meta));
  }

  #clear(entry: number): void {
    this.bytes.fill(0, entry * BYTES, (entry + 1) * BYTES);
    this.counters.fill(0, entry * COUNTERS, entry * COUNTERS + FIRST_SEEN);
  }

  #grow(): void {
    this.#capacity *= 2;
    const n = this.#capacity;
    this.#hash = grown(this.#hash, n);
    this.key = grown(this.key, n * KEY);
    this.counters = grown(this.counters, n * COUNTERS);
    this.bytes = grown(this.bytes, n * BYTES);
  }
}

const HAS_PORTS = 1 << 8;
const IS_V6 = 1 << 9;
const VLAN_SHIFT = 10;

/** Protocol, presence of ports, IP version and VLAN in one word. */
export function metaOf(packet: Packet): number {
  const ports = packet.hasPorts ? HAS_PORTS : 0;
  const version = packet.version === 6 ? IS_V6 : 0;
  return packet.protocol | ports | version | ((packet.vlan + 1) << VLAN_SHIFT);
}
