import type { Micros } from '@wardline/model';

/** What an issuer says of a product and a weakness; the words that CSAF, CVE, OpenVEX and CycloneDX share. */
export type ProductStatus = 'affected' | 'not-affected' | 'fixed' | 'under-investigation';

/** How a product is named, as far as the document says. */
export interface ProductIdentity {
  vendor: string | null;
  name: string;
  models: readonly string[];
  serials: readonly string[];
  cpe: string | null;
  purl: string | null;
  /** Texts of versions and of ranges, as written; empty means that every version is meant. */
  versions: readonly string[];
}

/** One issuer's word on one product and one weakness. */
export interface ProductStatement {
  vulnerability: string;
  product: ProductIdentity;
  /** The product that the named component is a part of: the statement holds only inside it. */
  within: ProductIdentity | null;
  status: ProductStatus;
  justification: string | null;
  impact: string | null;
  remediations: readonly Remediation[];
  issuer: string;
  at: Micros;
}

export interface Remediation {
  kind: string;
  text: string;
  url: string | null;
}

export interface Score {
  version: string;
  vector: string;
  base: number;
}

/** What a document tells of one weakness. */
export interface Vulnerability {
  id: string;
  title: string | null;
  summary: string | null;
  scores: readonly Score[];
  weaknesses: readonly string[];
  /** CISA's decision points (SSVC), by name. */
  ssvc: Readonly<Record<string, string>>;
  /** When the decision points were judged, as written. */
  ssvcAt?: string | null;
  /** Since when it is known to be exploited (KEV); null where the document does not say so. */
  exploitedSince: string | null;
}

export type AdvisoryFormat = 'csaf' | 'cve' | 'openvex' | 'nvd' | 'osv';

/** A document about weaknesses, in whichever format it came. */
export interface Advisory {
  id: string;
  format: AdvisoryFormat;
  title: string;
  issuer: string;
  /** The issuer's own number of this state of the document. */
  revision: string;
  published: Micros;
  updated: Micros;
  vulnerabilities: readonly Vulnerability[];
  statements: readonly ProductStatement[];
}

/** A fault of a document and where it is: a JSON pointer (RFC 6901), or empty for the whole. */
export interface AdvisoryFault {
  place: string;
  message: string;
}

export type AdvisoryReading =
  | { ok: true; advisory: Advisory }
  | { ok: false; faults: readonly AdvisoryFault[] };

/** Several documents in one file: those that could be read, and the places of the others' faults. */
export type AdvisoriesReading =
  | { ok: true; advisories: readonly Advisory[]; faults: readonly AdvisoryFault[] }
  | { ok: false; faults: readonly AdvisoryFault[] };
