import { ARP, CUSTOMER_TAG, IPV4, IPV6, SERVICE_TAG } from './ether-types.ts';

/** What stands behind a label stack; `controlled-frame` has the pseudowire control word in front (RFC 4448 §4.6). */
export type LabelledContent = 'packet' | 'frame' | 'controlled-frame';

/**
 * Tells what MPLS labels carry. Nothing names it: IP shows itself in its first nibble, a control word starts with a zero
 * nibble (RFC 4385 §3), and what is neither is a frame where it has an EtherType that frames have.
 */
export function labelledContent(view: DataView, at: number, end: number): LabelledContent {
  const nibble = at < end ? view.getUint8(at) >>> 4 : 4;
  if (isIp(view, at, end, nibble)) return 'packet';
  if (nibble === 0 && isFrame(view, at + 4, end)) return 'controlled-frame';
  return isFrame(view, at, end) ? 'frame' : 'packet';
}

function isIp(view: DataView, at: number, end: number, nibble: number): boolean {
  if (nibble === 6) return !isFrame(view, at, end);
  return nibble === 4 && (view.getUint8(at) & 15) >= 5 && !isFrame(view, at, end);
}

/** An EtherType at its place, and behind it what the EtherType says. */
function isFrame(view: DataView, at: number, end: number): boolean {
  if (end - at < 15) return false;
  const first = view.getUint8(at + 14);
  switch (view.getUint16(at + 12)) {
    case IPV4:
      return first >>> 4 === 4 && (first & 15) >= 5;
    case IPV6:
      return first >>> 4 === 6;
    case ARP:
      return first === 0;
    case CUSTOMER_TAG:
    case SERVICE_TAG:
      return true;
    default:
      return false;
  }
}
