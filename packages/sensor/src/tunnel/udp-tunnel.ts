import { MAX_GTP_EXTENSIONS, MAX_TZSP_TAGS } from '../limits.ts';
import { BRIDGED, IPV4, IPV6, MPLS, RADIO_FRAME, RADIO_FRAME_SWAPPED } from '../link/ether-types.ts';
import { nextProtocol } from '../link/service-header.ts';
import type { Tunnel } from './tunnel.ts';

/** IANA's ports; 8472 is what Linux used before there was one for VXLAN. */
const VXLAN = 4789;
const VXLAN_LINUX = 8472;
const VXLAN_GPE = 4790;
const GENEVE = 6081;
const GTP_USER = 2152;
const TEREDO = 3544;
const CAPWAP = 5247;
const TZSP = 37_008;

export function isTunnelPort(source: number, target: number): boolean {
  switch (target) {
    case VXLAN:
    case VXLAN_LINUX:
    case VXLAN_GPE:
    case GENEVE:
    case GTP_USER:
    case TEREDO:
    case CAPWAP:
    case TZSP:
      return true;
    default:
      return source === TEREDO || source === CAPWAP;
  }
}

/** Opens a tunnel over UDP. Returns where the inside starts, or -1 where the content is none of a tunnel. */
export function openUdp(
  view: DataView,
  start: number,
  end: number,
  source: number,
  target: number,
  tunnel: Tunnel,
): number {
  switch (source === TEREDO || source === CAPWAP ? source : target) {
    case VXLAN:
    case VXLAN_LINUX:
    case VXLAN_GPE:
      return openVxlan(view, start, end, tunnel);
    case GENEVE:
      return openGeneve(view, start, end, tunnel);
    case GTP_USER:
      return openGtp(view, start, end, tunnel);
    case CAPWAP:
      return openCapwap(view, start, end, tunnel);
    case TZSP:
      return openTzsp(view, start, end, tunnel);
    default:
      return openTeredo(view, start, end, tunnel);
  }
}

/** RFC 7348 §5, with the policy group of draft-smith-vxlan-group-policy and the next protocol of draft-ietf-nvo3-vxlan-gpe. */
function openVxlan(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 8) return -1;
  const flags = view.getUint8(start);
  const isGpe = (flags & 0x04) !== 0;
  if ((flags & 0x08) === 0 || (flags & 0x72) !== 0 || view.getUint8(start + 7) !== 0) return -1;
  const inside = isGpe ? nextProtocol(view.getUint8(start + 3)) : BRIDGED;
  if (inside === null) return -1;
  tunnel.name = isGpe ? 'vxlan-gpe' : 'vxlan';
  tunnel.identifier = view.getUint32(start + 4) >>> 8;
  tunnel.etherType = inside;
  return start + 8;
}

/** RFC 8926 §3.4; control packets (O) carry nothing of a tenant. */
function openGeneve(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 8) return -1;
  const first = view.getUint8(start);
  const at = start + 8 + (first & 63) * 4;
  const etherType = view.getUint16(start + 2);
  const known = etherType === BRIDGED || etherType === IPV4 || etherType === IPV6 || etherType === MPLS;
  if (first >>> 6 !== 0 || !known || at > end || view.getUint8(start + 7) !== 0) return -1;
  tunnel.name = 'geneve';
  tunnel.identifier = view.getUint32(start + 4) >>> 8;
  tunnel.etherType = etherType;
  return at;
}

/** 3GPP TS 29.281 §5: a G-PDU (255) of version 1 carries one IP packet of a mobile device. */
function openGtp(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 8 || view.getUint8(start) >>> 4 !== 3 || view.getUint8(start + 1) !== 255) return -1;
  const at = behindGtp(view, start, end);
  if (at < 0 || at >= end) return -1;
  const nibble = view.getUint8(at) >>> 4;
  if (nibble !== 4 && nibble !== 6) return -1;
  tunnel.name = 'gtp-u';
  tunnel.identifier = view.getUint32(start + 4);
  tunnel.etherType = nibble === 6 ? IPV6 : IPV4;
  return at;
}

/** Any of the three flags brings four bytes, the last of which names the first extension (§5.2). */
function behindGtp(view: DataView, start: number, end: number): number {
  const flags = view.getUint8(start) & 7;
  if (flags === 0) return start + 8;
  let at = start + 12;
  if (at > end) return -1;
  let next = (flags & 4) === 0 ? 0 : view.getUint8(at - 1);
  for (let count = 0; next !== 0; count++) {
    if (count >= MAX_GTP_EXTENSIONS || at >= end) return -1;
    const length = view.getUint8(at) * 4;
    if (length === 0 || at + length > end) return -1;
    at += length;
    next = view.getUint8(at - 1);
  }
  return at;
}

const NATIVE = 0x0100;
const FRAGMENT = 0x0080;
const KEEP_ALIVE = 0x0008;
const IEEE_80211 = 1;

/**
 * RFC 5415 §4.3: what an access point and its controller hand each other, in clear (preamble type 0) and whole: an Ethernet
 * frame, or the radio's own.
 */
function openCapwap(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 8 || view.getUint8(start) !== 0) return -1;
  const fields = view.getUint16(start + 1);
  const flags = view.getUint16(start + 2);
  const at = start + (fields >>> 11) * 4;
  if (at < start + 8 || at + 2 > end || (flags & (FRAGMENT | KEEP_ALIVE)) !== 0) return -1;
  if ((flags & NATIVE) !== 0 && ((fields >>> 1) & 31) !== IEEE_80211) return -1;
  tunnel.name = 'capwap';
  // The version in the lowest bits is 0: where it is not, flags come first.
  const isSwapped = (view.getUint8(at) & 3) !== 0;
  tunnel.etherType = (flags & NATIVE) === 0 ? BRIDGED : isSwapped ? RADIO_FRAME_SWAPPED : RADIO_FRAME;
  return at;
}

/** TaZmen Sniffer Protocol, by which access points and routers mirror: version 1, a received frame, tags up to the end tag. */
function openTzsp(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 5 || view.getUint16(start) !== 0x0100) return -1;
  const inside = TZSP_INSIDE.get(view.getUint16(start + 2));
  if (inside === undefined) return -1;
  let at = start + 4;
  for (let tags = 0; tags < MAX_TZSP_TAGS && at < end; tags++) {
    const tag = view.getUint8(at);
    at += 1;
    if (tag === 1) {
      tunnel.name = 'tzsp';
      tunnel.etherType = inside;
      return at;
    }
    if (tag !== 0) at += at < end ? 1 + view.getUint8(at) : 1;
  }
  return -1;
}

const TZSP_INSIDE = new Map([
  [1, BRIDGED],
  [18, RADIO_FRAME],
]);

/** RFC 4380 §5.1.1: authentication and origin may stand in front of the IPv6 packet. */
function openTeredo(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  let at = start;
  if (end - at >= 4 && view.getUint16(at) === 1) {
    at += 13 + view.getUint8(at + 2) + view.getUint8(at + 3);
  }
  if (end - at >= 8 && view.getUint16(at) === 0) at += 8;
  if (end - at < 40 || view.getUint8(at) >>> 4 !== 6) return -1;
  if (view.getUint16(at + 4) > end - at - 40) return -1;
  tunnel.name = 'teredo';
  tunnel.etherType = IPV6;
  return at;
}
