/** The policy as data: what its text form says, and what the API and the console exchange. */

/** Of the form below, not of a hospital's text. A reader refuses a version that it does not know. */
export const POLICY_VERSION = 1;

/** What becomes of traffic that a conduit (or, for the whole policy, nothing) declares. */
export const modes = ['observe', 'alert', 'enforce'] as const;
export type Mode = (typeof modes)[number];

/** Attributes of assets by which a zone may choose its members. */
export const selectable = [
  'asset',
  'name',
  'class',
  'group',
  'vendor',
  'model',
  'criticality',
  'dataSensitivity',
  'location',
  'department',
  'owner',
  'hostname',
  'vlan',
  'address',
  'assurance',
  'posture',
] as const;
export type Selectable = (typeof selectable)[number];

/** Which assets a zone holds. */
export type Condition =
  | { all: readonly Condition[] }
  | { any: readonly Condition[] }
  | { not: Condition }
  /** One of the values is one of the asset's; for `address` a prefix or range holds it. */
  | { attribute: Selectable; in: readonly string[] }
  /** One of the asset's values holds the text, whatever its case. */
  | { attribute: Selectable; contains: string };

export interface Zone {
  name: string;
  title: string | null;
  /** Null where the zone has no assets but addresses only. */
  members: Condition | null;
  /** Prefixes, ranges or addresses that belong to it, whoever holds them. */
  addresses: readonly string[];
  /** Where not empty: every address but these, of the families that they are of. */
  outside: readonly string[];
  notes: readonly string[];
}

/** One protocol with its ports (`104`, `5000-5010`); for ICMP the types. Empty ports: any. `any`: every protocol. */
export interface ServicePart {
  protocol: string;
  ports: readonly string[];
}

export interface Service {
  name: string;
  parts: readonly ServicePart[];
  notes: readonly string[];
}

/** A service by its name, or written out. */
export type ServiceUse = { service: string } | ServicePart;

/** Who may use what of whom. */
interface Flow {
  from: readonly string[];
  to: readonly string[];
  services: readonly ServiceUse[];
}

export interface Conduit extends Flow {
  name: string;
  title: string | null;
  mode: Mode;
  because: string | null;
  notes: readonly string[];
}

/** What must pass, or must never pass, whatever the conduits say. Must-deny wins; both at once is an error. */
export interface Must extends Flow {
  title: string;
  verdict: 'allow' | 'deny';
  because: string | null;
  notes: readonly string[];
}

export interface PolicyException extends Flow {
  title: string;
  /** RFC 3339; it ends by itself. */
  until: string;
  approvedBy: string | null;
  because: string | null;
  notes: readonly string[];
}

export interface Policy {
  version: typeof POLICY_VERSION;
  name: string;
  /** What becomes of traffic that nothing declares. */
  undeclared: Mode;
  zones: readonly Zone[];
  services: readonly Service[];
  conduits: readonly Conduit[];
  musts: readonly Must[];
  exceptions: readonly PolicyException[];
  notes: readonly string[];
}

/** The zone that every address belongs to; no policy declares it. */
export const ANYWHERE = 'anywhere';
