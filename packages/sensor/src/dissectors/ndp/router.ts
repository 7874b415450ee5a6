import type { Facts } from '@wardline/model';
import { Cursor } from '../../bytes/cursor.ts';
import { ipv6At } from '../../network/address.ts';
import { labelledNames } from '../../text/dns-labels.ts';
import { present } from '../../text/wire-text.ts';
import { MAX_ITEMS } from './limits.ts';
import { type NdpOption, optionTypes } from './options.ts';

type RouterFacts = Facts['ndp.router'];
type Complete = { [K in keyof RouterFacts]-?: RouterFacts[K] | undefined };

const MANAGED = 0x80;
const OTHER = 0x40;
const AUTONOMOUS = 0x40;

/** RFC 4191 §2.2: two bits, of which `10` is reserved and taken for medium. */
const preferences = ['medium', 'high', 'medium', 'low'] as const;

/** A router advertisement (RFC 4861 §4.2, RFC 8106). */
export function routerFacts(payload: Uint8Array, options: readonly NdpOption[]): RouterFacts {
  const flags = payload[5]!;
  const facts: Complete = {
    lifetimeSeconds: new Cursor(payload, 6).u16(),
    managed: (flags & MANAGED) !== 0,
    otherConfiguration: (flags & OTHER) !== 0,
    preference: preferences[(flags >>> 3) & 3]!,
    hopLimit: payload[4] === 0 ? undefined : payload[4],
    prefixes: prefixes(options, 0),
    autonomousPrefixes: prefixes(options, AUTONOMOUS),
    mtu: mtu(options),
    dnsServers: filled(ofType(options, optionTypes.dnsServers).flatMap(addresses)),
    domains: filled(ofType(options, optionTypes.domains).flatMap(domains)),
  };
  return present(facts) as RouterFacts;
}

function ofType(options: readonly NdpOption[], type: number): Uint8Array[] {
  return options.filter((option) => option.type === type).map(({ bytes }) => bytes);
}

function filled(items: string[]): string[] | undefined {
  return items.length === 0 ? undefined : items.slice(0, MAX_ITEMS);
}

/** §4.6.2: length and flags, then two lifetimes; one of zero takes the prefix back. */
function prefixes(options: readonly NdpOption[], flag: number): string[] | undefined {
  const given = ofType(options, optionTypes.prefix).filter((bytes) => {
    const usable = bytes.length === 32 && bytes[2]! <= 128 && (bytes[3]! & flag) === flag;
    return usable && new Cursor(bytes, 4).u32() > 0;
  });
  return filled(given.map((bytes) => `${ipv6At(bytes, 16)}/${bytes[2]}`));
}

function mtu(options: readonly NdpOption[]): number | undefined {
  const [bytes] = ofType(options, optionTypes.mtu);
  return bytes?.length === 8 ? new Cursor(bytes, 4).u32() : undefined;
}

function addresses(bytes: Uint8Array): string[] {
  const count = Math.min((bytes.length - 8) >> 4, MAX_ITEMS);
  return Array.from({ length: Math.max(count, 0) }, (_, i) => ipv6At(bytes, 8 + i * 16));
}

function domains(bytes: Uint8Array): string[] {
  return labelledNames(bytes.subarray(8), MAX_ITEMS);
}
