import { z } from 'zod';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';
import { matchVerdicts } from './vulnerabilities.ts';

const name = z.string().trim().max(300);

/** A bill of materials of a product. Whose it is may be left out where the document names its product. */
export const sbomAddBody = reasonBody.extend({
  /** The file's name. */
  name: z.string().trim().min(1).max(300),
  text: z.string(),
  vendor: name.optional(),
  model: name.optional(),
  /** The software version; empty: every one. */
  software: name.optional(),
});
export const sbomFaultSchema = z.object({ place: z.string(), message: z.string() });
export const sbomAddResponse = z.object({
  outcome: z.enum(['added', 'unchanged', 'refused']),
  id: z.string().nullable(),
  faults: z.array(sbomFaultSchema),
});
export type SbomAdded = z.infer<typeof sbomAddResponse>;

export const sbomRowSchema = z.object({
  id: z.string(),
  vendor: z.string(),
  model: z.string(),
  /** Empty: of every version. */
  software: z.string(),
  format: z.string(),
  specVersion: z.string(),
  /** What the document calls itself: serial number or namespace. */
  document: z.string().nullable(),
  title: z.string(),
  author: z.string().nullable(),
  created: instant.nullable(),
  components: z.int(),
  /** Weaknesses that the document itself speaks of. */
  statements: z.int(),
  addedAt: instant,
  addedBy: z.string(),
  /** Since when a later one of the same product and version has taken its place. */
  replacedAt: instant.nullable(),
});
export type SbomRow = z.infer<typeof sbomRowSchema>;
export const sbomListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  vendor: listParameter,
  model: listParameter,
  /** `no`: also those that a later one has taken the place of. */
  current: z.enum(['yes', 'no']).default('yes'),
});
export const sbomListResponse = page(sbomRowSchema);

export const sbomPartSchema = z.object({
  number: z.int(),
  component: z.int(),
  ref: z.string(),
  parent: z.string().nullable(),
  type: z.string(),
  supplier: z.string().nullable(),
  group: z.string().nullable(),
  name: z.string(),
  version: z.string().nullable(),
  purl: z.string().nullable(),
  cpes: z.array(z.string()),
  licenses: z.array(z.string()),
});
export type SbomPart = z.infer<typeof sbomPartSchema>;
export const sbomPartsQuery = pagingQuery.extend({ q: z.string().max(200).optional() });
export const sbomPartsResponse = page(sbomPartSchema);

export const sbomFindingSchema = z.object({
  vulnerability: z.string(),
  title: z.string(),
  score: z.number().nullable(),
  verdict: z.enum(matchVerdicts),
  confidence: z.number(),
  /** The part that has it, the worst of them; empty where it is said of the product itself. */
  component: z.string(),
  /** How many other parts have the same answer. */
  further: z.int(),
  reason: z.string(),
  advisory: z.string(),
  issuer: z.string(),
});
export type SbomFinding = z.infer<typeof sbomFindingSchema>;
export const sbomFindingsResponse = page(sbomFindingSchema);

const differingPart = z.object({
  name: z.string(),
  version: z.string().nullable(),
  type: z.string(),
  purl: z.string().nullable(),
  supplier: z.string().nullable(),
});
export const sbomDifferencesQuery = z.object({ before: z.string().max(100), after: z.string().max(100) });
export const sbomDifferencesResponse = z.object({
  before: sbomRowSchema,
  after: sbomRowSchema,
  added: z.array(differingPart),
  removed: z.array(differingPart),
  changed: z.array(
    z.object({
      before: differingPart,
      after: differingPart,
      what: z.array(z.enum(['version', 'supplier', 'licenses', 'hashes'])),
    }),
  ),
  unchanged: z.int(),
});
export type SbomDifferencesAnswer = z.infer<typeof sbomDifferencesResponse>;

export const componentRowSchema = z.object({
  id: z.int(),
  type: z.string(),
  supplier: z.string().nullable(),
  group: z.string().nullable(),
  name: z.string(),
  version: z.string().nullable(),
  purl: z.string().nullable(),
  cpes: z.array(z.string()),
  /** Models that have it inside by a bill of materials that counts. */
  models: z.int(),
  /** Bills of materials that name it. */
  sboms: z.int(),
});
export type ComponentRow = z.infer<typeof componentRowSchema>;
export const componentListQuery = pagingQuery.extend({
  /** Words that must each occur in name, version, supplier, purl or CPE. */
  q: z.string().max(200).optional(),
  type: listParameter,
});
export const componentListResponse = page(componentRowSchema);
export const componentProductsResponse = page(sbomRowSchema);

/** `original`: as it came, byte for byte; `cyclonedx`: what the component model holds, as CycloneDX 1.6. */
export const sbomDocumentQuery = z.object({ as: z.enum(['original', 'cyclonedx']).default('original') });
