import { Cursor } from '../../bytes/cursor.ts';
import { ipv6At } from '../../network/address.ts';
import { labelledName } from '../../text/dns-labels.ts';
import { factText } from '../../text/wire-text.ts';
import { MAX_ADDRESSES, MAX_TEXT } from './limits.ts';
import { type Options, optionCodes, readOptions } from './options.ts';

/** An address or a prefix that a server grants, with its valid lifetime in seconds. */
export interface Grant {
  ip: string;
  /** Null for an address. */
  prefixLength: number | null;
  seconds: number;
}

/** Option 6 in the client's own order, as the parameter list of DHCPv4 is read. */
export function optionRequest(options: Options): string | undefined {
  const value = options.get(optionCodes.optionRequest)?.[0];
  if (value === undefined || value.length < 2 || value.length > 512) return undefined;
  const codes = Array.from({ length: value.length >> 1 }, (_, i) => (value[i * 2]! << 8) | value[i * 2 + 1]!);
  return codes.join(',');
}

/** Option 39 (RFC 4704 §4): flags, then a name that may be partial. */
export function fqdn(options: Options): string | undefined {
  const value = options.get(optionCodes.fqdn)?.[0];
  return value === undefined ? undefined : labelledName(value, 1)?.name || undefined;
}

/** Option 112 (RFC 8520 §10): must be an https URL; what follows `?` or `#` is not needed and left out. */
export function mudUrl(options: Options): string | undefined {
  const value = options.get(optionCodes.mudUrl)?.[0];
  const text = value === undefined ? undefined : factText(value, MAX_TEXT);
  return /^https:\/\/[^\s?#@]+/.exec(text ?? '')?.[0];
}

/** Option 16 (RFC 8415 §21.16): an enterprise number and texts, each behind its length. */
export function vendorClass(options: Options): string | undefined {
  const value = options.get(optionCodes.vendorClass)?.[0];
  if (value === undefined) return undefined;
  const cursor = new Cursor(value, 4);
  const parts: string[] = [];
  while (cursor.left >= 2 && parts.length < MAX_ADDRESSES) {
    const text = factText(cursor.take(cursor.u16()), MAX_TEXT);
    if (text !== undefined) parts.push(text);
  }
  return factText(parts.join(' '), MAX_TEXT);
}

/** The IANA enterprise number under which the vendor speaks (options 16 and 17). */
export function vendorEnterprise(options: Options): number | undefined {
  const value =
    options.get(optionCodes.vendorClass)?.[0] ?? options.get(optionCodes.vendorOptions)?.[0] ?? null;
  return value === null || value.length < 4 ? undefined : new Cursor(value).u32();
}

export function addressList(options: Options, code: number): string[] | undefined {
  const value = options.get(code)?.[0] ?? new Uint8Array(0);
  const count = Math.min(value.length >> 4, MAX_ADDRESSES);
  return count === 0 ? undefined : Array.from({ length: count }, (_, i) => ipv6At(value, i * 16));
}

/** What identity associations hold (RFC 8415 §21.4, 21.5, 21.21); what is no longer valid is not granted. */
export function grantsOf(options: Options): Grant[] {
  const grants: Grant[] = [];
  for (const association of options.get(optionCodes.addresses) ?? [])
    grants.push(...addressesIn(association, 12));
  for (const association of options.get(optionCodes.temporaryAddresses) ?? [])
    grants.push(...addressesIn(association, 4));
  for (const association of options.get(optionCodes.prefixes) ?? []) grants.push(...prefixesIn(association));
  return grants.filter(({ seconds }) => seconds > 0).slice(0, MAX_ADDRESSES);
}

function addressesIn(association: Uint8Array, header: number): Grant[] {
  const found = readOptions(association.subarray(header)).options.get(optionCodes.address) ?? [];
  return found
    .filter((value) => value.length >= 24)
    .map((value) => ({ ip: ipv6At(value, 0), prefixLength: null, seconds: new Cursor(value, 20).u32() }));
}

function prefixesIn(association: Uint8Array): Grant[] {
  const found = readOptions(association.subarray(12)).options.get(optionCodes.prefix) ?? [];
  return found
    .filter((value) => value.length >= 25 && value[8]! <= 128)
    .map((value) => ({ ip: ipv6At(value, 9), prefixLength: value[8]!, seconds: new Cursor(value, 4).u32() }));
}
