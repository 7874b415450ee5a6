import type { Family } from '../space/addresses.ts';
import { icmpTypeNames } from './port-names.ts';

export interface IcmpMessage {
  type: number;
  /** Null where the name is of every code. */
  code: number | null;
}

const of = (type: number, codes: Readonly<Record<string, number>>): Record<string, IcmpMessage> =>
  Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, { type, code }]));

/** Names of one type with one code, as Cisco's lists write them (RFC 792, RFC 1812 §5.2.7.1). */
const coded4 = {
  ...of(3, {
    'net-unreachable': 0,
    'host-unreachable': 1,
    'protocol-unreachable': 2,
    'port-unreachable': 3,
    'packet-too-big': 4,
    'source-route-failed': 5,
    'network-unknown': 6,
    'host-unknown': 7,
    'host-isolated': 8,
    'dod-net-prohibited': 9,
    'dod-host-prohibited': 10,
    'net-tos-unreachable': 11,
    'host-tos-unreachable': 12,
    'administratively-prohibited': 13,
    'host-precedence-unreachable': 14,
    'precedence-unreachable': 15,
  }),
  ...of(5, { 'net-redirect': 0, 'host-redirect': 1, 'net-tos-redirect': 2, 'host-tos-redirect': 3 }),
  ...of(11, { 'ttl-exceeded': 0, 'reassembly-timeout': 1 }),
  ...of(12, { 'general-parameter-problem': 0, 'option-missing': 1, 'no-room-for-option': 2 }),
};

/** RFC 4443. */
const coded6 = {
  ...of(1, {
    'no-route': 0,
    'no-admin': 1,
    'beyond-scope': 2,
    'address-unreachable': 3,
    'port-unreachable': 4,
  }),
  ...of(3, { 'hop-limit': 0, 'reassembly-timeout': 1 }),
  ...of(4, { header: 0, 'next-header': 1, 'parameter-option': 2 }),
};

const plain4 = { 'alternate-address': 6, 'conversion-error': 31, 'mobile-redirect': 32 };
const plain6 = { echo: 128, 'router-advertisement': 134, 'router-renumbering': 138 };

const plain = (types: Readonly<Record<string, number>>): Record<string, IcmpMessage> =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type, code: null }]));

/** Messages of ICMP by the names that Cisco's lists know. */
export const icmpMessages: Readonly<Record<Family, Readonly<Record<string, IcmpMessage>>>> = {
  4: { ...plain(icmpTypeNames.icmp), ...plain(plain4), ...coded4 },
  6: { ...plain(icmpTypeNames.icmpv6), ...plain(plain6), ...coded6 },
};
