import { BRIDGED, IPV4, IPV6, MPLS, MPLS_UPSTREAM, NSH, PPP_PAYLOAD } from '../link/ether-types.ts';
import { openErspan } from './erspan.ts';
import type { Tunnel } from './tunnel.ts';

const CHECKSUM = 0x8000;
const ROUTING = 0x4000;
const KEY = 0x2000;
const SEQUENCE = 0x1000;
const ACKNOWLEDGEMENT = 0x0080;
const VERSION = 0x0007;

const ERSPAN_2 = 0x88be;
const ERSPAN_3 = 0x22eb;
const CARRIED = new Set([IPV4, IPV6, BRIDGED, MPLS, MPLS_UPSTREAM, NSH]);
/** RFC 7637 §3.2: lower virtual subnet identifiers are reserved, so that a key below is a key. */
const FIRST_SUBNET = 0x1000;

/** Opens GRE (RFC 2784, RFC 2890), NVGRE (RFC 7637), PPTP (RFC 2637) and ERSPAN. Returns where the inside starts, or -1. */
export function openGre(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  if (end - start < 4) return -1;
  const flags = view.getUint16(start);
  const protocol = view.getUint16(start + 2);
  if ((flags & VERSION) === 1) return openPptp(view, start, end, flags, protocol, tunnel);
  if ((flags & (VERSION | ROUTING)) !== 0) return -1;
  const keyAt = start + 4 + (flags & CHECKSUM ? 4 : 0);
  const at = keyAt + (flags & KEY ? 4 : 0) + (flags & SEQUENCE ? 4 : 0);
  if (at > end) return -1;
  tunnel.identifier = flags & KEY ? view.getUint32(keyAt) : -1;
  if (protocol === ERSPAN_2) return openErspan(view, at, end, flags & SEQUENCE ? 2 : 1, tunnel);
  if (protocol === ERSPAN_3) return openErspan(view, at, end, 3, tunnel);
  if (!CARRIED.has(protocol)) return -1;
  tunnel.etherType = protocol;
  tunnel.name = 'gre';
  if (protocol === BRIDGED && (flags & ~0xf8) === KEY) asSubnet(tunnel);
  return at;
}

function asSubnet(tunnel: Tunnel): void {
  const subnet = tunnel.identifier >>> 8;
  if (subnet < FIRST_SUBNET) return;
  tunnel.name = 'nvgre';
  tunnel.identifier = subnet;
}

/** RFC 2637 §4.1: the key is the payload's length and the call; a packet without payload only acknowledges. */
function openPptp(
  view: DataView,
  start: number,
  end: number,
  flags: number,
  protocol: number,
  tunnel: Tunnel,
): number {
  if (protocol !== PPP_PAYLOAD || (flags & KEY) === 0 || (flags & SEQUENCE) === 0) return -1;
  const at = start + 12 + (flags & ACKNOWLEDGEMENT ? 4 : 0);
  if (at >= end) return -1;
  tunnel.name = 'pptp';
  tunnel.identifier = view.getUint16(start + 6);
  tunnel.etherType = PPP_PAYLOAD;
  return at;
}
