import { Cursor } from '../../bytes/cursor.ts';
import { ipv4At, ipv6At } from '../../network/address.ts';
import { MAX_ADDRESSES } from './limits.ts';

const NLPID = 1;
const NLPID_IP = 0xcc;
const NOBODY = new Set(['0.0.0.0', '::']);

/** The first real address of a list: each has a protocol type, the protocol, and the address behind its length. */
export function firstAddress(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  const cursor = new Cursor(value);
  const count = Math.min(cursor.u32(), MAX_ADDRESSES);
  for (let i = 0; i < count; i++) {
    const type = cursor.u8();
    const protocol = cursor.take(cursor.u8());
    const address = cursor.take(cursor.u16());
    if (cursor.failed) return undefined;
    const text = addressText(type === NLPID && protocol[0] === NLPID_IP, address);
    if (text !== null && !NOBODY.has(text)) return text;
  }
  return undefined;
}

/** IPv6 is named by its 802.2 SNAP header; of what has sixteen bytes nothing else is in use. */
function addressText(isIpv4: boolean, address: Uint8Array): string | null {
  if (isIpv4) return address.length === 4 ? ipv4At(address, 0) : null;
  return address.length === 16 ? ipv6At(address, 0) : null;
}
