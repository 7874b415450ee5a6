import type { Family, Range } from '../../space/addresses.ts';
import type { Box } from '../../space/packet.ts';
import type { NftToken } from './tokens.ts';

export interface Chain {
  name: string;
  line: number;
  /** Chains of other types (nat, route) decide on no packet. */
  isFilter: boolean;
  hook: string | null;
  policy: 'accept' | 'drop';
  priority: number;
  rules: Rule[];
}

export type Verdict = { kind: 'accept' } | { kind: 'drop' } | { kind: 'return' } | Jump;
export interface Jump {
  kind: 'jump' | 'goto';
  chain: string;
}

/** What a rule asks of a packet, by family; both empty where it holds none. */
export type Boxes = Record<Family, Box[]>;

export interface Rule {
  line: number;
  text: string;
  boxes: Boxes;
  /** Null where the rule only counts or logs. */
  verdict: Verdict | null;
  unmodelled: string | null;
}

export interface Table {
  family: string;
  name: string;
  chains: Map<string, Chain>;
  sets: Map<string, Values>;
  /** The elements of verdict maps, as tokens. */
  maps: Map<string, readonly NftToken[]>;
}

export interface Values {
  kind: ValueKind;
  addresses: Record<Family, Range[]>;
  numbers: Range[];
}
export type ValueKind = 'address' | 'port' | 'protocol' | 'icmp' | 'icmpv6' | 'other';

export type NumberKind = Exclude<ValueKind, 'address' | 'other'>;

/** The families that a table of each kind of the modelled ones speaks of. */
export const familiesOf: Readonly<Record<string, readonly Family[]>> = { inet: [4, 6], ip: [4], ip6: [6] };
