import { Cursor } from '../../bytes/cursor.ts';
import { LAST_OPTION, MAX_OPTIONS } from './limits.ts';

/** RFC 8415 §21 and the documents that add to it. */
export const optionCodes = {
  clientId: 1,
  serverId: 2,
  addresses: 3,
  temporaryAddresses: 4,
  address: 5,
  optionRequest: 6,
  relayed: 9,
  vendorClass: 16,
  vendorOptions: 17,
  dnsServers: 23,
  domains: 24,
  prefixes: 25,
  prefix: 26,
  fqdn: 39,
  clientLinkLayer: 79,
  mudUrl: 112,
};

/** Values by code, in wire order; several options of one code are several statements (RFC 8415 §21.1). */
export type Options = ReadonlyMap<number, readonly Uint8Array[]>;

export interface ReadOptions {
  options: Options;
  /** False where an option ran over the end. */
  whole: boolean;
}

export function readOptions(bytes: Uint8Array): ReadOptions {
  const options = new Map<number, Uint8Array[]>();
  const cursor = new Cursor(bytes);
  for (let count = 0; count < MAX_OPTIONS && cursor.left > 0; count++) {
    const code = cursor.u16();
    const value = cursor.take(cursor.u16());
    if (cursor.failed) return { options, whole: false };
    const known = options.get(code);
    if (known === undefined) options.set(code, [value]);
    else known.push(value);
  }
  return { options, whole: cursor.left === 0 };
}

/** True where the bytes from `at` on are options of known numbers to the very end and one of them is wanted. */
export function areOptions(bytes: Uint8Array, start: number, wanted: readonly number[]): boolean {
  let found = false;
  let at = start;
  for (let count = 0; count < MAX_OPTIONS && at + 4 <= bytes.length; count++) {
    const code = (bytes[at]! << 8) | bytes[at + 1]!;
    if (code === 0 || code > LAST_OPTION) return false;
    found ||= wanted.includes(code);
    at += 4 + ((bytes[at + 2]! << 8) | bytes[at + 3]!);
  }
  return found && at === bytes.length;
}
