import { z } from 'zod';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** Is an asset affected by a weakness? Unknown is an answer of its own, and never counts as safe. */
export const matchVerdicts = ['affected', 'not-affected', 'unknown'] as const;

/** Why a person says that an asset is not affected (the five that CSAF and OpenVEX share), or what else they found. */
export const verdictJustifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
  'fixed_here',
  'confirmed',
] as const;

export const advisoryImportBody = z.object({
  /** The file's name, by which a fault is found again. */
  name: z.string().trim().min(1).max(300),
  text: z.string(),
  reason: reasonBody.shape.reason,
});
export const advisoryFaultSchema = z.object({ place: z.string(), message: z.string() });
export const advisoryImportResponse = z.object({
  outcome: z.enum(['added', 'updated', 'unchanged', 'older', 'quarantined', 'enriched']),
  /** The document, the release, or how many documents of a file that has several. */
  id: z.string().nullable(),
  /** Also of a file of which the rest was taken in. */
  faults: z.array(advisoryFaultSchema),
});
export type AdvisoryImport = z.infer<typeof advisoryImportResponse>;

export const advisoryRowSchema = z.object({
  id: z.string(),
  format: z.string(),
  title: z.string(),
  issuer: z.string(),
  revision: z.string(),
  published: instant,
  updated: instant,
  statements: z.int(),
  importedAt: instant,
  affected: z.int(),
});
export type AdvisoryRow = z.infer<typeof advisoryRowSchema>;
export const advisoryListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  issuer: listParameter,
});
export const advisoryListResponse = page(advisoryRowSchema);
export const advisoryDetailSchema = z.object({
  advisory: advisoryRowSchema,
  document: z.record(z.string(), z.unknown()),
});
export const quarantineResponse = z.object({
  items: z.array(z.object({ name: z.string(), faults: z.array(advisoryFaultSchema), at: instant })),
});

export const vulnerabilityRowSchema = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  /** The highest base score that an issuer gives; null where none does. */
  score: z.number().nullable(),
  scores: z.array(z.object({ version: z.string(), vector: z.string(), base: z.number() })),
  weaknesses: z.array(z.string()),
  ssvc: z.record(z.string(), z.string()),
  /** When the decision points were judged, as their source writes it. */
  ssvcAt: z.string().nullable(),
  exploitedSince: z.string().nullable(),
  /** What the KEV catalogue tells; null where it is not listed in the one that was read. */
  kev: z.object({ release: z.string(), ransomware: z.boolean() }).nullable(),
  /** How likely anybody is seen exploiting it within 30 days; null is not told, which is not the same as never. */
  epss: z
    .object({ probability: z.number(), percentile: z.number(), date: z.string(), model: z.string() })
    .nullable(),
  advisories: z.array(z.string()),
  affected: z.int(),
  unknown: z.int(),
  notAffected: z.int(),
});
export type VulnerabilityRow = z.infer<typeof vulnerabilityRowSchema>;
/** A weakness with what each SSVC table that was read comes to. */
export const vulnerabilityDetailSchema = vulnerabilityRowSchema.extend({
  decisions: z.array(
    z.object({
      table: z.string(),
      /** More than one where a decision point is not known. */
      outcomes: z.array(z.string()),
      open: z.array(z.string()),
    }),
  ),
});
export type VulnerabilityDetail = z.infer<typeof vulnerabilityDetailSchema>;
/** Sources that enrich weaknesses, and how old what was read is. */
export const enrichmentResponse = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      release: z.string(),
      model: z.string(),
      entries: z.int(),
      importedAt: instant,
    }),
  ),
});
export const vulnerabilityListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  /** Only what an asset of ours is affected by, or may be. */
  verdict: listParameter,
  exploited: z.enum(['yes', 'no']).optional(),
  /** At least this probability by EPSS; what EPSS does not tell of is left out. */
  epss: z.coerce.number().min(0).max(1).optional(),
});
export const vulnerabilityListResponse = page(vulnerabilityRowSchema);

export const matchRowSchema = z.object({
  id: z.string(),
  asset: z.string(),
  assetName: z.string(),
  vendor: z.string(),
  model: z.string(),
  software: z.string(),
  criticality: z.string(),
  vulnerability: z.string(),
  title: z.string(),
  score: z.number().nullable(),
  exploitedSince: z.string().nullable(),
  verdict: z.enum(matchVerdicts),
  /** What the advisories alone say, whatever a person decided. */
  concluded: z.enum(matchVerdicts),
  confidence: z.number(),
  reason: z.string(),
  advisory: z.string(),
  issuer: z.string(),
  others: z.array(z.object({ advisory: z.string(), issuer: z.string(), verdict: z.enum(matchVerdicts) })),
  /** The part of the device that it is about, by this bill of materials; null where it is about the device itself. */
  component: z.string().nullable(),
  sbom: z.string().nullable(),
  decision: z
    .object({ justification: z.string(), reason: z.string(), actor: z.string(), at: instant })
    .nullable(),
  changedAt: instant,
});
export type MatchRow = z.infer<typeof matchRowSchema>;
export const matchListQuery = pagingQuery.extend({
  asset: z.string().max(200).optional(),
  vulnerability: z.string().max(200).optional(),
  verdict: listParameter,
});
export const matchListResponse = page(matchRowSchema);

export const decideBody = reasonBody.extend({
  asset: z.string().max(200),
  vulnerability: z.string().max(200),
  verdict: z.enum(matchVerdicts),
  justification: z.enum(verdictJustifications),
  /**
   * What the verdict rests on: `version` falls away with another software version, `model` holds over versions. Both fall away
   * where maker or model turn out to be others, or the advisories conclude something else than when it was given.
   */
  ground: z.enum(['version', 'model']).default('version'),
});
