import { createHash } from 'node:crypto';
import { formatMicros } from '@wardline/model';

/** An object of OSCAL, as JSON holds it. */
export type Oscal = Record<string, unknown>;

/** The release of OSCAL that the documents are written for. */
export const OSCAL_VERSION = '1.2.0';
/** Names that are ours and not NIST's stand under this. */
export const NAMESPACE = 'urn:wardline:oscal:1';

/** A random UUID, once and for all: names beneath it become UUIDs of their own. */
const ROOT = Buffer.from('6f0a4f0e5d3b4c0c9a7c2f5e8b1d3a60', 'hex');

/** RFC 9562 §5.5, version 5: the same name is the same UUID in every document, on every machine. */
export function uuidOf(...name: readonly string[]): string {
  const hash = createHash('sha1').update(ROOT).update(name.join('\n')).digest().subarray(0, 16);
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** A control's number as OSCAL's token: NIST's own stay as they are, others lose what a token cannot hold. */
export function tokenOf(id: string): string {
  const token = id.replaceAll(/[^\p{L}\p{N}.\-_]+/gu, '.').replaceAll(/^\.+|\.+$/g, '');
  return /^[\p{L}_]/u.test(token) ? token : `_${token}`;
}

/** One line without space at its ends, as OSCAL's strings have to be. */
export const line = (text: string): string => text.replaceAll(/\s+/g, ' ').trim() || '-';

export const instant = (micros: number): string => formatMicros(micros);

export const prop = (name: string, value: string | number): Oscal => ({
  name,
  ns: NAMESPACE,
  value: line(String(value)),
});
/** OSCAL's own name for what people call a control by. */
export const label = (id: string): Oscal => ({ name: 'label', value: line(id) });

/** An array is left out where it would be empty: OSCAL knows none. */
export const some = (name: string, items: readonly unknown[]): Oscal =>
  items.length === 0 ? {} : { [name]: items };
