import { latin1 } from '../../text/wire-text.ts';
import { MAX_NAME, MAX_POINTERS } from './limits.ts';

export interface WireName {
  /** Labels as bytes, one character each; the root is an empty list. */
  labels: string[];
  /** Where the name ends in the message, behind its first pointer. */
  next: number;
}

/**
 * Reads a name with compression (RFC 1035 §4.1.4). Returns null where it leaves the message, is longer than allowed,
 * or a pointer does not point back before the part of the name that it ends.
 */
export function readName(message: Uint8Array, start: number): WireName | null {
  const labels: string[] = [];
  let at = start;
  let next = -1;
  let lowest = start;
  let length = 0;
  for (let pointers = 0; pointers <= MAX_POINTERS; ) {
    const size = message[at];
    if (size === undefined) return null;
    if (size === 0) return { labels, next: next === -1 ? at + 1 : next };
    if (size >= 0xc0) {
      const target = ((size & 0x3f) << 8) | (message[at + 1] ?? 0);
      if (at + 1 >= message.length || target >= lowest) return null;
      if (next === -1) next = at + 2;
      lowest = target;
      at = target;
      pointers++;
      continue;
    }
    length += size + 1;
    if (size > 63 || length > MAX_NAME || at + 1 + size > message.length) return null;
    labels.push(latin1(message, at + 1, at + 1 + size));
    at += size + 1;
  }
  return null;
}
