import { BRIDGED, IPV4, IPV6, MPLS, NSH } from './ether-types.ts';

/** What a "next protocol" of NSH (RFC 8300 §2.2) and of VXLAN-GPE names, as an EtherType. */
const NEXT = new Map([
  [1, IPV4],
  [2, IPV6],
  [3, BRIDGED],
  [4, NSH],
  [5, MPLS],
]);

export function nextProtocol(number: number): number | null {
  return NEXT.get(number) ?? null;
}

/** What stands behind a Network Service Header, or null where it is cut off, damaged or of a kind that is not known. */
export function serviceContent(
  view: DataView,
  start: number,
  end: number,
): { etherType: number; at: number } | null {
  if (end - start < 8) return null;
  const length = (view.getUint8(start + 1) & 63) * 4;
  const etherType = nextProtocol(view.getUint8(start + 3));
  if (view.getUint8(start) >>> 6 !== 0 || length < 8 || length > end - start || etherType === null)
    return null;
  return { etherType, at: start + length };
}
