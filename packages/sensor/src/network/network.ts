import { MAX_EXTENSIONS } from '../limits.ts';
import type { Packet } from './packet.ts';

export type NetworkDrop = 'truncated-ip' | 'malformed-ip';

const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Hop-by-hop, routing, destination options, shim6: all have the same length field (RFC 6564). */
const EXTENSIONS = new Set([0, 43, 60, 140]);

/** Reads IPv4 and IPv6 headers into the packet. Returns where the transport starts, or -1 with `reason`. */
export class NetworkReader {
  reason: NetworkDrop = 'truncated-ip';

  readIpv4(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 20) return this.#drop('truncated-ip');
    const first = view.getUint8(start);
    const headerLength = (first & 15) * 4;
    if (first >>> 4 !== 4 || headerLength < 20) return this.#drop('malformed-ip');
    const fragment = view.getUint16(start + 6);
    packet.version = 4;
    packet.source0 = packet.source1 = packet.source2 = 0;
    packet.target0 = packet.target1 = packet.target2 = 0;
    packet.source3 = view.getInt32(start + 12);
    packet.target3 = view.getInt32(start + 16);
    packet.protocol = view.getUint8(start + 9);
    packet.ttl = view.getUint8(start + 8);
    packet.fragmentOffset = (fragment & 0x1fff) * 8;
    packet.moreFragments = (fragment & 0x2000) !== 0;
    packet.fragmentId = view.getUint16(start + 4);
    packet.fragmentProtocol = packet.protocol;
    // Segmentation offload leaves a total length of 0: the frame's end is the packet's.
    const total = view.getUint16(start + 2);
    if (total !== 0 && total < headerLength) return this.#drop('malformed-ip');
    const length = total === 0 ? end - start : total;
    if (packet.moreFragments || packet.fragmentOffset > 0) {
      setFragment(packet, start + headerLength, start + length, end);
    }
    const at = this.#authenticated(view, start + headerLength, Math.min(end, start + length), packet);
    return this.#span(at, start + length, end, packet);
  }

  /** Reads a datagram that was put together from fragments, whose first header `packet.protocol` names. */
  readWhole(view: DataView, packet: Packet): void {
    const end = view.byteLength;
    packet.fragmentOffset = 0;
    packet.moreFragments = false;
    if (packet.version === 6) this.#extensions(view, 0, end, end, packet);
    else this.#span(this.#authenticated(view, 0, end, packet), end, end, packet);
  }

  /** Steps over an authentication header (RFC 4302 §2), behind which everything is in clear. */
  #authenticated(view: DataView, at: number, end: number, packet: Packet): number {
    if (packet.protocol !== AUTHENTICATION || packet.fragmentOffset > 0 || end - at < 12) return at;
    packet.protocol = view.getUint8(at);
    return at + extensionLength(AUTHENTICATION, view.getUint8(at + 1));
  }

  readIpv6(view: DataView, start: number, end: number, packet: Packet): number {
    if (end - start < 40) return this.#drop('truncated-ip');
    if (view.getUint8(start) >>> 4 !== 6) return this.#drop('malformed-ip');
    packet.version = 6;
    packet.source0 = view.getInt32(start + 8);
    packet.source1 = view.getInt32(start + 12);
    packet.source2 = view.getInt32(start + 16);
    packet.source3 = view.getInt32(start + 20);
    packet.target0 = view.getInt32(start + 24);
    packet.target1 = view.getInt32(start + 28);
    packet.target2 = view.getInt32(start + 32);
    packet.target3 = view.getInt32(start + 36);
    packet.protocol = view.getUint8(start + 6);
    packet.ttl = view.getUint8(start + 7);
    packet.fragmentOffset = 0;
    packet.moreFragments = false;
    packet.fragmentId = 0;
    // A jumbogram says 0 here too (RFC 2675): the frame's end is the packet's.
    const payload = view.getUint16(start + 4);
    const wireEnd = payload === 0 ? end : start + 40 + payload;
    return this.#extensions(view, start + 40, wireEnd, end, packet);
  }

  /** Walks the extension headers (RFC 8200 §4); one that is cut off ends the walk with its own number as protocol. */
  #extensions(view: DataView, start: number, wireEnd: number, end: number, packet: Packet): number {
    let at = start;
    for (let count = 0; count < MAX_EXTENSIONS; count++) {
      const type = packet.protocol;
      if (type !== FRAGMENT && type !== AUTHENTICATION && !EXTENSIONS.has(type)) break;
      if (end - at < (type === FRAGMENT ? 8 : 2) || packet.fragmentOffset > 0) break;
      packet.protocol = view.getUint8(at);
      if (type === FRAGMENT) this.#fragment(view, at, wireEnd, end, packet);
      at += extensionLength(type, view.getUint8(at + 1));
    }
    return this.#span(at, wireEnd, end, packet);
  }

  #fragment(view: DataView, at: number, wireEnd: number, end: number, packet: Packet): void {
    const field = view.getUint16(at + 2);
    packet.fragmentOffset = field & 0xfff8;
    packet.moreFragments = (field & 1) === 1;
    packet.fragmentId = view.getInt32(at + 4);
    packet.fragmentProtocol = packet.protocol;
    setFragment(packet, at + 8, wireEnd, end);
  }

  /** The IP payload, without what a link layer padded behind it, as far as it was captured. */
  #span(at: number, wireEnd: number, end: number, packet: Packet): number {
    packet.payloadStart = Math.min(at, end);
    packet.payloadEnd = Math.max(packet.payloadStart, Math.min(wireEnd, end));
    packet.payloadLength = Math.max(0, wireEnd - at);
    return packet.payloadStart;
  }

  #drop(reason: NetworkDrop): -1 {
    this.reason = reason;
    return -1;
  }
}

function setFragment(packet: Packet, start: number, wireEnd: number, end: number): void {
  packet.fragmentStart = Math.min(start, end);
  packet.fragmentEnd = Math.max(packet.fragmentStart, Math.min(wireEnd, end));
  packet.isFragmentCut = wireEnd > end;
}

function extensionLength(type: number, field: number): number {
  if (type === FRAGMENT) return 8;
  return type === AUTHENTICATION ? (field + 2) * 4 : (field + 1) * 8;
}
