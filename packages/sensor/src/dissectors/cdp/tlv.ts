import { Cursor } from '../../bytes/cursor.ts';
import { MAX_TLVS } from './limits.ts';

const HEADER = 4;

export interface TlvList {
  /** The first of each type counts. */
  values: ReadonlyMap<number, Uint8Array>;
  /** False where a TLV ran over the end or was shorter than its own head. */
  whole: boolean;
}

/** Type and length of two bytes each; the length counts the head. */
export function readTlvs(bytes: Uint8Array): TlvList {
  const values = new Map<number, Uint8Array>();
  const cursor = new Cursor(bytes);
  for (let count = 0; count < MAX_TLVS && cursor.left >= HEADER; count++) {
    const type = cursor.u16();
    const value = cursor.take(cursor.u16() - HEADER);
    if (cursor.failed) return { values, whole: false };
    if (!values.has(type)) values.set(type, value);
  }
  return { values, whole: cursor.left === 0 };
}
