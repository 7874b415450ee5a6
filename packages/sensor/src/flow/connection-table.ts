import type { Packet } from '../network/packet.ts';
import { grown } from './host-table.ts';
import { finish, mix, SlotIndex } from './slot-index.ts';

const FIRST = 1024;
const KEY = 10;
export const NONE = -1;

/** What became of a connection, as bits of `events`; they are counted once when the connection's delta is rolled up. */
export const OPENED = 1;
export const ESTABLISHED = 2;
export const REFUSED = 4;
export const UNANSWERED = 8;
export const CLOSED = 16;
export const RESET = 32;

/**
 * Connections (TCP connections, UDP port pairs, address pairs of other transports) in columns of numbers. Side A sent
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

  #hash = new Int32Array(FIRST);
  /** Address words of A, of B, ports (A high), and protocol, version and VLAN. */
  key = new Int32Array(FIRST * KEY);
  live = new Uint8Array(FIRST);
  hostA = new Int32Array(FIRST);
  hostB = new Int32Array(FIRST);
  clientIsB = new Uint8Array(FIRST);
  basis = new Uint8Array(FIRST);
  /** Bit 1: A's MAC address was seen as a source; bit 2: B's. */
  sourceSeen = new Uint8Array(FIRST);
  tcpState = new Uint8Array(FIRST);
  events = new Uint8Array(FIRST);
  /** Sequence number behind each side's SYN; valid where the TCP state says so. */
  nextA = new Int32Array(FIRST);
  nextB = new Int32Array(FIRST);
  application = new Uint8Array(FIRST);
  protection = new Uint8Array(FIRST);
  /** Stream or datagram inspection: 0 not begun, 1 going on, 2 over. */
  inspection = new Uint8Array(FIRST);
  /** Datagrams that nobody recognised. */
  misses = new Uint8Array(FIRST);
  packetsA = new Uint32Array(FIRST);
  packetsB = new Uint32Array(FIRST);
  bytesA = new Float64Array(FIRST);
  bytesB = new Float64Array(FIRST);
  first = new Float64Array(FIRST);
  last = new Float64Array(FIRST);
  slice = new Float64Array(FIRST);
  evidence = new Float64Array(FIRST);

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
    const hashes = this.#hash;
    for (
      let slot = hash & mask, entry = slots[slot]!;
      entry >= 0;
      slot = (slot + 1) & mask, entry = slots[slot]!
    ) {
      if (hashes[entry] !== hash) continue;
      const k = entry * KEY;
      if (key[k + 9] !== meta) continue;
      const forward =
        key[k + 8] === ports &&
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
        key[k + 8] === swappedPorts &&
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
    key[k + 8] = ports;
    key[k + 9] = meta;
    this.#hash[entry] = this.#foundHash;
    this.live[entry] = 1;
    this.count += 1;
    this.#index.add(entry, this.#hash);
    return entry;
  }

  remove(entry: number): void {
    this.#index.remove(entry, this.#hash);
    this.live[entry] = 0;
    this.count -= 1;
    this.#free.push(entry);
  }

  portA(entry: number): number {
    return this.key[entry * KEY + 8]! >>> 16;
  }

  portB(entry: number): number {
    return this.key[entry * KEY + 8]! & 0xffff;
  }

  protocol(entry: number): number {
    return this.key[entry * KEY + 9]! & 0xff;
  }

  hasPorts(entry: number): boolean {
    return (this.key[entry * KEY + 9]! & HAS_PORTS) !== 0;
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
    this.clientIsB[entry] = 0;
    this.basis[entry] = 0;
    this.sourceSeen[entry] = 0;
    this.tcpState[entry] = 0;
    this.events[entry] = 0;
    this.application[entry] = 0;
    this.protection[entry] = 0;
    this.inspection[entry] = 0;
    this.misses[entry] = 0;
    this.packetsA[entry] = 0;
    this.packetsB[entry] = 0;
    this.bytesA[entry] = 0;
    this.bytesB[entry] = 0;
  }

  #grow(): void {
    this.#capacity *= 2;
    const n = this.#capacity;
    this.#hash = grown(this.#hash, n);
    this.key = grown(this.key, n * KEY);
    this.live = grown(this.live, n);
    this.hostA = grown(this.hostA, n);
    this.hostB = grown(this.hostB, n);
    this.clientIsB = grown(this.clientIsB, n);
    this.basis = grown(this.basis, n);
    this.sourceSeen = grown(this.sourceSeen, n);
    this.tcpState = grown(this.tcpState, n);
    this.events = grown(this.events, n);
    this.nextA = grown(this.nextA, n);
    this.nextB = grown(this.nextB, n);
    this.application = grown(this.application, n);
    this.protection = grown(this.protection, n);
    this.inspection = grown(this.inspection, n);
    this.misses = grown(this.misses, n);
    this.packetsA = grown(this.packetsA, n);
    this.packetsB = grown(this.packetsB, n);
    this.bytesA = grown(this.bytesA, n);
    this.bytesB = grown(this.bytesB, n);
    this.first = grown(this.first, n);
    this.last = grown(this.last, n);
    this.slice = grown(this.slice, n);
    this.evidence = grown(this.evidence, n);
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
