import type { Range } from '../../space/addresses.ts';
import { protocols } from '../../space/packet.ts';
import { icmpTypeNames, portNames } from '../port-names.ts';
import type { NumberKind } from './model.ts';

/** A number or a range of them, by digits or by the name that nft knows it by; null where it is neither. */
export function numberRange(text: string, kind: NumberKind): Range | null {
  const single = numberOf(text, kind);
  if (single !== null) return { first: single, last: single };
  // A name may hold a dash itself.
  for (let dash = text.indexOf('-'); dash > 0; dash = text.indexOf('-', dash + 1)) {
    const [first, last] = [numberOf(text.slice(0, dash), kind), numberOf(text.slice(dash + 1), kind)];
    if (first !== null && last !== null) return first <= last ? { first, last } : null;
  }
  return null;
}

function numberOf(text: string, kind: NumberKind): bigint | null {
  const names = namesOf[kind];
  if (Object.hasOwn(names, text)) return BigInt(names[text]!);
  if (!/^(\d{1,5}|0x[0-9a-f]{1,8})$/i.test(text)) return null;
  const number = BigInt(text);
  return number <= (kind === 'port' ? 65_535n : 255n) ? number : null;
}

/** Protocols by the names of /etc/protocols that the rest of this package does not use. */
const protocolNames: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Object.entries(protocols).map(([name, number]) => [name, Number(number)])),
  'ipv6-icmp': 58,
  ip: 0,
  hopopt: 0,
  ipencap: 4,
  ipv6: 41,
  rsvp: 46,
  comp: 108,
  ipcomp: 108,
  eigrp: 88,
  ospfigp: 89,
  ipip: 94,
  etherip: 97,
  encap: 98,
  pim: 103,
  l2tp: 115,
  isis: 124,
  hip: 139,
};

/** RFC 792 and RFC 1812 §5.2.7.1, as nft names codes. */
const codeNames: Readonly<Record<string, number>> = {
  'net-unreachable': 0,
  'host-unreachable': 1,
  'prot-unreachable': 2,
  'port-unreachable': 3,
  'frag-needed': 4,
  'net-prohibited': 9,
  'host-prohibited': 10,
  'admin-prohibited': 13,
};
/** RFC 4443 §3.1. */
const codeNames6: Readonly<Record<string, number>> = {
  'no-route': 0,
  'admin-prohibited': 1,
  'addr-unreachable': 3,
  'port-unreachable': 4,
  'policy-fail': 5,
  'reject-route': 6,
};

const namesOf: Readonly<Record<NumberKind, Readonly<Record<string, number>>>> = {
  port: portNames,
  protocol: protocolNames,
  icmp: icmpTypeNames.icmp,
  icmpv6: {
    ...icmpTypeNames.icmpv6,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'mld-listener-reduction': 132,
    'router-renumbering': 138,
    'ind-neighbor-solicit': 141,
    'ind-neighbor-advert': 142,
  },
  'icmp-code': codeNames,
  'icmpv6-code': codeNames6,
};
