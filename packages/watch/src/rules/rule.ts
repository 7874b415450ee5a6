import type { Criticality, Micros, Severity } from '@wardline/model';

/** One way of saying which devices are meant. */
export type Term =
  | { kind: 'outside' | 'inside' | 'unknown' }
  | { kind: 'class' | 'zone'; name: string }
  | { kind: 'criticality'; name: Criticality }
  | { kind: 'vlan'; number: number }
  /** An address, or a network of IP addresses. */
  | { kind: 'address'; address: string; prefix: number | null }
  /** A name, or how it begins. */
  | { kind: 'named'; text: string; prefix: boolean };

/** Any of these, and none of those. */
export interface OneOf<T> {
  any: readonly T[];
  except: readonly T[];
}

/** Ports of a transport, both ends included; or a protocol that was recognised by its content. */
export type ServiceTerm =
  | { kind: 'ports'; transport: string; from: number; upTo: number }
  | { kind: 'transport'; transport: string }
  | { kind: 'application'; name: string };

/** Days of the week (Monday is 0) and minutes of the day; a span that ends before it begins goes on into the next day. */
export interface Hours {
  days: readonly number[];
  from: number;
  upTo: number;
}

/** More than this of one device within a window that begins with the first of it. */
export interface Amount {
  what: 'sent' | 'received' | 'exchanged' | 'connections' | 'peers';
  more: number;
  within: Micros;
}

/** What a hospital does not want to see in its conversations. */
export interface Rule {
  severity: Severity;
  title: string;
  from: OneOf<Term> | null;
  to: OneOf<Term> | null;
  over: OneOf<ServiceTerm> | null;
  at: readonly Hours[] | null;
  clear: boolean;
  unanswered: boolean;
  amount: Amount | null;
  advice: string | null;
}

/** Where something stands: lines and columns count from 1. */
export interface RulePlace {
  line: number;
  column: number;
  length: number;
}

export interface RuleDiagnostic {
  message: string;
  place: RulePlace;
}
