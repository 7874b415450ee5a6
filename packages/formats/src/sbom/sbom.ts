import type { Micros } from '@wardline/model';
import type { ProductStatus } from '../advisories/advisory.ts';
import type { Tree } from '../advisories/tree.ts';
import type { TagLine } from './spdx-tags.ts';
import type { XmlDocument } from './xml.ts';

export type SbomFormat = 'cyclonedx-json' | 'cyclonedx-xml' | 'spdx-json' | 'spdx-tag-value' | 'spdx-json-ld';

/** The document itself, from which it is written again without loss; everything else of an `Sbom` is a view of it. */
export type SbomDocument =
  | { kind: 'json'; tree: Tree }
  | { kind: 'xml'; xml: XmlDocument }
  | { kind: 'tags'; lines: readonly TagLine[] };

export interface SbomHash {
  /** In the spelling of CycloneDX: `SHA-256`. */
  algorithm: string;
  value: string;
}

export interface SbomLicense {
  /** An SPDX expression, or the licence's name as written. */
  expression: string;
  acknowledgement: 'declared' | 'concluded' | null;
}

/** One part of the product, wherever it stands in the document. */
export interface SbomComponent {
  /** What the document calls it; its place where the document gives it no name of its own. */
  ref: string;
  /** The component that it is nested in. */
  parent: string | null;
  /** In the words of CycloneDX: `library`, `operating-system`, `firmware`, `file` … */
  type: string;
  supplier: string | null;
  group: string | null;
  name: string;
  version: string | null;
  purl: string | null;
  cpes: readonly string[];
  swid: string | null;
  hashes: readonly SbomHash[];
  licenses: readonly SbomLicense[];
  description: string | null;
}

export interface SbomRelationship {
  from: string;
  to: string;
  /** In the words of SPDX 2, in lower case: `depends-on`, `contains`, `generated-from` … */
  kind: string;
}

/** What the document itself says of a weakness (VEX, or a list of known weaknesses). */
export interface SbomVulnerability {
  id: string;
  title: string | null;
  /** Null where it is named without an analysis. */
  status: ProductStatus | null;
  justification: string | null;
  detail: string | null;
  at: Micros | null;
  affects: readonly SbomAffected[];
}

export interface SbomAffected {
  /** A component of this document, or a BOM-Link into another. */
  ref: string;
  /** Versions or ranges (vers) that the statement is limited to; none is every version. */
  versions: readonly { text: string; status: ProductStatus | null }[];
}

/** A bill of materials in whichever format it came. */
export interface Sbom {
  format: SbomFormat;
  specVersion: string;
  /** Serial number (CycloneDX) or namespace (SPDX); null where the document has none. */
  id: string | null;
  revision: string;
  title: string;
  author: string | null;
  created: Micros | null;
  /** The product that the document describes. */
  main: string | null;
  components: readonly SbomComponent[];
  relationships: readonly SbomRelationship[];
  vulnerabilities: readonly SbomVulnerability[];
  document: SbomDocument;
}

/** A fault and where it is: a JSON pointer, or `line 12` where the document has lines. */
export interface SbomFault {
  place: string;
  message: string;
}

export type SbomReading = { ok: true; sbom: Sbom } | { ok: false; faults: readonly SbomFault[] };

/** What a format's own reader makes of a document. */
export type SbomView = Omit<Sbom, 'format' | 'document'>;
export type ViewReading = { ok: true; view: SbomView } | { ok: false; faults: readonly SbomFault[] };
