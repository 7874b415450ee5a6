import { Cursor } from '../../bytes/cursor.ts';
import { MAX_TLVS } from './limits.ts';

/** IEEE 802.1AB §8.4: seven bits of type, nine of length. */
export interface Tlv {
  type: number;
  value: Uint8Array;
}

export interface TlvList {
  tlvs: Tlv[];
  /** False where the list ended in the middle of a TLV. */
  whole: boolean;
}

export function readTlvs(payload: Uint8Array): TlvList {
  const cursor = new Cursor(payload);
  const tlvs: Tlv[] = [];
  while (cursor.left >= 2 && tlvs.length < MAX_TLVS) {
    const head = cursor.u16();
    const type = head >>> 9;
    if (type === 0) return { tlvs, whole: true };
    const value = cursor.take(head & 0x1ff);
    if (cursor.failed) return { tlvs, whole: false };
    tlvs.push({ type, value });
  }
  // The end TLV is mandatory in the first edition of the standard only.
  return { tlvs, whole: cursor.left === 0 };
}
