import type { Family, Range } from '../../space/addresses.ts';
import type { Box, Field } from '../../space/packet.ts';
import type { NftToken } from './tokens.ts';

export interface Chain {
  name: string;
  line: number;
  /** Chains of other types (nat, route) decide on no packet. */
  isFilter: boolean;
  hook: string | null;
  policy: 'accept' | 'drop';
  priority: number;
  /** Where its rules stand among the tokens; they are read when every set is known. */
  written: number[];
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
  line: number;
  /** It is there and does nothing (`flags dormant`). */
  isDormant: boolean;
  /** It is of bridges or devices and has rules: frames may end there before they are routed. */
  filtersFrames: boolean;
  chains: Map<string, Chain>;
  sets: Map<string, Values>;
  /** The elements of verdict maps, as tokens. */
  maps: Map<string, readonly NftToken[]>;
}

/** The elements of a set: for each, a range for every part. */
export interface Values {
  /** What each part is; more than one where parts are joined by a dot. */
  kinds: readonly ValueKind[];
  rows: Range[][];
  /** Its members come and go while packets pass. */
  isOpen: boolean;
}

export type ValueKind = 'ipv4' | 'ipv6' | NumberKind | 'other';
export type NumberKind = 'port' | 'protocol' | 'icmp' | 'icmpv6' | 'icmp-code' | 'icmpv6-code';

/** A field of a packet that a rule asks for. */
export interface Selector {
  /** As nft writes it. */
  what: string;
  kind: ValueKind;
  /** Null where the model leaves it out. */
  field: Field | null;
  /** Families whose packets have it. */
  families: readonly Family[];
  /** What a packet has to be to have it. */
  needs: Box;
}

/** The families that a table of each kind of the modelled ones speaks of. */
export const familiesOf: Readonly<Record<string, readonly Family[]>> = { inet: [4, 6], ip: [4], ip6: [6] };
