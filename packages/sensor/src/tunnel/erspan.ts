import { BRIDGED, IPV4 } from '../link/ether-types.ts';
import type { Tunnel } from './tunnel.ts';

const TRUNCATED = 0x0400;
const SESSION = 0x03ff;
/** Type III: the platform-specific subheader follows. */
const HAS_SUBHEADER = 1;

/**
 * Opens what a switch mirrored (draft-foschiano-erspan §4): type I is the bare frame, type II has eight bytes in front,
 * type III twelve or twenty. Returns where the frame starts, or -1.
 */
export function openErspan(
  view: DataView,
  start: number,
  end: number,
  type: 1 | 2 | 3,
  tunnel: Tunnel,
): number {
  tunnel.name = `erspan-${type}`;
  tunnel.etherType = BRIDGED;
  if (type === 1) return start < end ? start : -1;
  if (end - start < (type === 2 ? 8 : 12)) return -1;
  const first = view.getUint16(start);
  const second = view.getUint16(start + 2);
  if (first >>> 12 !== type - 1) return -1;
  tunnel.identifier = second & SESSION;
  tunnel.vlan = vlanOf(first & 0xfff);
  tunnel.isCut = (second & TRUNCATED) !== 0;
  return type === 2 ? start + 8 : openType3(view, start, end, tunnel);
}

function openType3(view: DataView, start: number, end: number, tunnel: Tunnel): number {
  const fields = view.getUint16(start + 10);
  const at = start + ((fields & HAS_SUBHEADER) === 0 ? 12 : 20);
  if (at >= end) return -1;
  const frameType = (fields >>> 10) & 31;
  // §4.3: an IP packet without a frame around it.
  if (frameType === 2) tunnel.etherType = view.getUint8(at) >>> 4 === 6 ? 0x86dd : IPV4;
  return frameType === 0 || frameType === 2 ? at : -1;
}

function vlanOf(id: number): number {
  return id === 0 || id === 0xfff ? -1 : id;
}
