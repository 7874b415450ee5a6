import type { Criticality, Harm } from '@wardline/model';

/** An asset, as far as ways of attack depend on it. */
export interface HospitalAsset {
  id: string;
  name: string;
  /** A class of the knowledge's taxonomy; null where it is unknown. */
  class: string | null;
  /** Of a class of care. */
  clinical: boolean;
  vendor: string | null;
  model: string | null;
  criticality: Criticality;
  vlans: readonly number[];
  /** Services that it answered at, as `tcp/104`. */
  services: readonly string[];
}

/** All use of one service of one asset by another: it answered. */
export interface HospitalConversation {
  client: string;
  server: string;
  service: string;
  application: string | null;
}

/** An open finding. */
export interface HospitalFinding {
  id: string;
  rule: string;
  title: string;
  asset: string;
  service: string | null;
  harms: readonly Harm[];
}

/** An answer to whether an asset has a weakness. */
export interface HospitalWeakness {
  asset: string;
  vulnerability: string;
  verdict: 'affected' | 'unknown';
  /** Known to be exploited (KEV). */
  exploited: boolean;
  /** CVSS 2.0, 3.x or 4.0; null where nobody gives one. */
  vector: string | null;
  /** What the vendor says to do; null where no fix is known. */
  fix: string | null;
}

export interface Hospital {
  assets: readonly HospitalAsset[];
  conversations: readonly HospitalConversation[];
  findings: readonly HospitalFinding[];
  weaknesses: readonly HospitalWeakness[];
}

/** The class of what is outside: a public address. */
export const OUTSIDE_CLASS = 'external-host';

export const placeOf = (vlan: number | null): string =>
  vlan === null || vlan === 0 ? 'untagged' : `vlan-${vlan}`;
export const placeName = (vlan: number | null): string =>
  vlan === null || vlan === 0 ? 'the untagged network' : `VLAN ${vlan}`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
