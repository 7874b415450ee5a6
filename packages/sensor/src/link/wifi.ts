import { radioType } from '../dissector.ts';
import type { Packet } from '../network/packet.ts';
import { setSource, setTarget } from './addresses.ts';
import type { RadioHeader } from './radio-header.ts';

export type WifiDrop = 'truncated-link' | 'radio-control' | 'radio-fragment' | 'aggregate';

const MANAGEMENT = 0;
const DATA = 2;
const TO_DS = 1;
const FROM_DS = 2;
const PROTECTED = 0x40;
const ORDER = 0x80;
const QOS = 8;
const NO_DATA = 4;
const AGGREGATE = 0x80;
const MESH_CONTROL = 1;
/** Header of an aggregated MSDU: target, source, length (IEEE 802.11 §9.3.2.2.2). */
const PART_HEADER = 14;

/**
 * Reads an IEEE 802.11 frame (§9.2, §9.3). A data frame in clear gives the addresses of its two ends and the offset of its
 * LLC header. Management frames, and data frames that say no more than who is there, go whole to the dissector of
 * `packet.etherType`. An aggregate is read part by part.
 */
export class WifiReader {
  reason: WifiDrop = 'truncated-link';
  /** What is left of an aggregate, and where its current part starts and ends. */
  partStart = 0;
  partEnd = 0;
  #rest = 0;
  #end = 0;

  /** Returns where to read on, with `packet.etherType` 0 for LLC, or -1 with `reason`. */
  read(view: DataView, header: RadioHeader, packet: Packet): number {
    const { at, end } = header;
    this.reason = 'truncated-link';
    if (end - at < 2) return -1;
    const control = view.getUint8(header.isSwapped ? at + 1 : at);
    const type = (control >>> 2) & 3;
    if (type !== MANAGEMENT && type !== DATA) return this.#drop('radio-control');
    if (end - at < 24) return -1;
    const flags = view.getUint8(header.isSwapped ? at : at + 1);
    const subtype = control >>> 4;
    if (type === MANAGEMENT) {
      // A dissector is shown frames as they are in the air.
      if (header.isSwapped) return this.#drop('radio-control');
      setTarget(view, at + 4, packet);
      setSource(view, at + 10, packet);
      packet.etherType = radioType(type, subtype);
      return at;
    }
    return this.#data(view, header, subtype, flags, packet);
  }

  /** Reads the next part of an aggregate; -1 where there is none. */
  next(view: DataView, packet: Packet): number {
    const at = this.#rest;
    if (this.#end - at < PART_HEADER) return -1;
    const length = view.getUint16(at + 12);
    this.partStart = at;
    this.partEnd = Math.min(this.#end, at + PART_HEADER + length);
    // Each part but the last is padded to four bytes.
    this.#rest = at + ((PART_HEADER + length + 3) & ~3);
    setTarget(view, at, packet);
    setSource(view, at + 6, packet);
    return at + PART_HEADER;
  }

  #data(view: DataView, header: RadioHeader, subtype: number, flags: number, packet: Packet): number {
    const { at, end } = header;
    const direction = flags & (TO_DS | FROM_DS);
    const isRelayed = direction === (TO_DS | FROM_DS);
    const hasQos = (subtype & QOS) !== 0;
    const quality = at + (isRelayed ? 30 : 24);
    const behind = quality + (hasQos ? 2 : 0) + (hasQos && (flags & ORDER) !== 0 ? 4 : 0);
    if (behind > end) return -1;
    // Table 9-30: which of the addresses are the two ends.
    setTarget(view, at + (direction & TO_DS ? 16 : 4), packet);
    setSource(view, at + (isRelayed ? 24 : direction === FROM_DS ? 16 : 10), packet);
    if ((subtype & NO_DATA) !== 0 || (flags & PROTECTED) !== 0) {
      if (header.isSwapped) return this.#drop('radio-control');
      packet.etherType = radioType(DATA, subtype);
      return at;
    }
    if ((view.getUint16(at + 22, true) & 15) !== 0) return this.#drop('radio-fragment');
    const body = header.isPadded ? at + ((behind - at + 3) & ~3) : behind;
    return this.#body(view, body, end, hasQos ? view.getUint16(quality, true) : 0, isRelayed, packet);
  }

  #body(
    view: DataView,
    body: number,
    end: number,
    quality: number,
    isRelayed: boolean,
    packet: Packet,
  ): number {
    packet.etherType = 0;
    const hasMesh = isRelayed && (quality & (MESH_CONTROL << 8)) !== 0;
    if (hasMesh && body >= end) return -1;
    // §9.2.4.7.3: flags, TTL, sequence number, and up to two more addresses.
    const at = hasMesh ? body + 6 + 6 * (view.getUint8(body) & 3) : body;
    if ((quality & AGGREGATE) === 0) return at;
    this.#rest = at;
    this.#end = end;
    return this.#drop('aggregate');
  }

  #drop(reason: WifiDrop): -1 {
    this.reason = reason;
    return -1;
  }
}
