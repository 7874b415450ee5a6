import type { Endpoint } from '@wardline/model';
import { formatIpv4, formatIpv6, formatMac } from '../network/address.ts';
import { finish, mix, SlotIndex } from './slot-index.ts';

const FIRST = 1024;
const KEY = 7;
const NO_MAC = -1;

/** What a host was seen to send since it was last reported. */
export interface HostReport {
  endpoint: Endpoint;
  ttl: number;
  count: number;
  firstSeen: number;
  lastSeen: number;
  packet: number;
}

/**
 * Every combination of MAC address, IP address and VLAN that a live connection uses, with what it sent. Entries are
 * counted references: they live as long as their connections, so that the table is bounded by theirs.
 */
export class HostTable {
  readonly #index = new SlotIndex();
  readonly #seed: number;
  #capacity = FIRST;
  #size = 0;
  #free: number[] = [];
  #hash = new Int32Array(FIRST);
  /** Four address words, MAC high (-1: none), MAC low, VLAN and IP version. */
  #key = new Int32Array(FIRST * KEY);
  #references = new Int32Array(FIRST);
  #count = new Uint32Array(FIRST);
  #first = new Float64Array(FIRST);
  #last = new Float64Array(FIRST);
  #packet = new Float64Array(FIRST);
  #ttl = new Uint8Array(FIRST);
  readonly #endpoints: (Endpoint | undefined)[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Entries ever used; numbers below it may be free. */
  get size(): number {
    return this.#size;
  }

  /** Finds or adds a host and takes a reference to it. `macHigh` is -1 where the link layer has no address. */
  acquire(
    w0: number,
    w1: number,
    w2: number,
    w3: number,
    macHigh: number,
    macLow: number,
    place: number,
  ): number {
    let hash = mix(mix(mix(this.#seed, w0), w1), w2);
    hash = finish(mix(mix(mix(mix(hash, w3), macHigh), macLow), place));
    const { slots, mask } = this.#index;
    const key = this.#key;
    for (
      let slot = hash & mask, host = slots[slot]!;
      host >= 0;
      slot = (slot + 1) & mask, host = slots[slot]!
    ) {
      const k = host * KEY;
      const same =
        this.#hash[host] === hash &&
        key[k + 3] === w3 &&
        key[k + 5] === macLow &&
        key[k + 4] === macHigh &&
        key[k + 6] === place &&
        key[k] === w0 &&
        key[k + 1] === w1 &&
        key[k + 2] === w2;
      if (!same) continue;
      this.#references[host]! += 1;
      return host;
    }
    return this.#add(hash, [w0, w1, w2, w3, macHigh, macLow, place]);
  }

  /** Gives a reference back; the last one frees the host and returns what it was seen to send, if anything. */
  release(host: number): HostReport | null {
    this.#references[host]! -= 1;
    if (this.#references[host]! > 0) return null;
    const report = this.takeReport(host);
    this.#index.remove(host, this.#hash);
    this.#endpoints[host] = undefined;
    this.#free.push(host);
    return report;
  }

  hasMac(host: number, macHigh: number, macLow: number): boolean {
    const k = host * KEY;
    return this.#key[k + 5] === macLow && this.#key[k + 4] === macHigh;
  }

  /** Counts one packet that the host sent. */
  sent(host: number, ttl: number, time: number, packet: number): void {
    if (this.#count[host] === 0) {
      this.#first[host] = time;
      this.#last[host] = time;
      this.#packet[host] = packet;
      this.#ttl[host] = ttl;
    } else if (ttl > this.#ttl[host]!) this.#ttl[host] = ttl;
    this.#count[host]! += 1;
    if (time > this.#last[host]!) this.#last[host] = time;
    if (time < this.#first[host]!) this.#first[host] = time;
  }

  endpoint(host: number): Endpoint {
    const known = this.#endpoints[host];
    if (known !== undefined) return known;
    const endpoint = this.#format(host);
    this.#endpoints[host] = endpoint;
    return endpoint;
  }

  /** True for hosts that are nobody's own: multicast and broadcast addresses, and the unspecified address. */
  isGroup(host: number): boolean {
    const k = host * KEY;
    const macHigh = this.#key[k + 4]!;
    return (macHigh !== NO_MAC && (macHigh & 0x0100) !== 0) || this.isGroupAddress(host);
  }

  isGroupAddress(host: number): boolean {
    const k = host * KEY;
    const key = this.#key;
    return isGroupIp(key[k]!, key[k + 1]!, key[k + 2]!, key[k + 3]!, (key[k + 6]! & 7) === 4);
  }

  /** Takes what a host was seen to send since the last time; null where it sent nothing. */
  takeReport(host: number): HostReport | null {
    const count = this.#count[host]!;
    if (count === 0) return null;
    this.#count[host] = 0;
    if (this.isGroup(host) || this.#hasZeroMac(host)) return null;
    return {
      endpoint: this.endpoint(host),
      ttl: this.#ttl[host]!,
      count,
      firstSeen: this.#first[host]!,
      lastSeen: this.#last[host]!,
      packet: this.#packet[host]!,
    };
  }

  #hasZeroMac(host: number): boolean {
    return this.hasMac(host, 0, 0);
  }

  #format(host: number): Endpoint {
    const k = host * KEY;
    const [w0, w1, w2, w3, macHigh, macLow, place] = this.#key.subarray(k, k + KEY) as unknown as number[];
    return {
      mac: macHigh === NO_MAC ? null : formatMac(macHigh!, macLow!),
      ip: (place! & 7) === 4 ? formatIpv4(w3!) : formatIpv6(w0!, w1!, w2!, w3!),
      vlan: place! >> 3 < 0 ? null : place! >> 3,
    };
  }

  #add(hash: number, key: number[]): number {
    const host = this.#free.pop() ?? this.#size++;
    if (host >= this.#capacity) this.#grow();
    this.#hash[host] = hash;
    this.#key.set(key, host * KEY);
    this.#references[host] = 1;
    this.#count[host] = 0;
    this.#index.add(host, this.#hash);
    return host;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#hash = grown(this.#hash, this.#capacity);
    this.#key = grown(this.#key, this.#capacity * KEY);
    this.#references = grown(this.#references, this.#capacity);
    this.#count = grown(this.#count, this.#capacity);
    this.#first = grown(this.#first, this.#capacity);
    this.#last = grown(this.#last, this.#capacity);
    this.#packet = grown(this.#packet, this.#capacity);
    this.#ttl = grown(this.#ttl, this.#capacity);
  }
}

type Column = Int32Array | Uint32Array | Float64Array | Uint8Array | Uint16Array;

/** A copy of a column with more room. */
export function grown<T extends Column>(column: T, length: number): T {
  const larger = new (column.constructor as new (length: number) => T)(length);
  larger.set(column);
  return larger;
}

/** VLAN and IP version in one word, as host keys hold them. */
export function placeOf(vlan: number, version: number): number {
  return vlan * 8 + version;
}

function isGroupIp(w0: number, w1: number, w2: number, w3: number, isV4: boolean): boolean {
  if (isV4) return w3 >>> 28 === 14 || w3 === -1 || w3 === 0;
  return w0 >>> 24 === 255 || (w0 === 0 && w1 === 0 && w2 === 0 && w3 === 0);
}
