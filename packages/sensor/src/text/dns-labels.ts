import { factText, latin1 } from './wire-text.ts';

/** A name holds at most 255 bytes on the wire (RFC 1035 §2.3.4). */
const MAX_NAME = 255;

/** A name in DNS wire form and where the next one starts. */
export interface LabelledName {
  name: string;
  next: number;
}

/**
 * Reads one name of uncompressed labels, as options of other protocols hold them (RFC 8415 §10, RFC 8106 §5.2). A
 * partial name has no root label at its end. Null where a label runs over the end or is no label.
 */
export function labelledName(bytes: Uint8Array, start = 0): LabelledName | null {
  const labels: string[] = [];
  let at = start;
  for (; at < bytes.length && bytes[at] !== 0; at += 1 + bytes[at]!) {
    const length = bytes[at]!;
    if (length > 63 || at + 1 + length > bytes.length || at - start > MAX_NAME) return null;
    labels.push(latin1(bytes, at + 1, at + 1 + length));
  }
  return { name: factText(labels.join('.'), MAX_NAME) ?? '', next: at + 1 };
}

/** At most `most` names one behind another; padding of zero bytes between them is left out. */
export function labelledNames(bytes: Uint8Array, most: number): string[] {
  const names: string[] = [];
  for (let at = 0; at < bytes.length && names.length < most; ) {
    const read = labelledName(bytes, at);
    if (read === null) break;
    if (read.name !== '') names.push(read.name);
    at = read.next;
  }
  return names;
}
