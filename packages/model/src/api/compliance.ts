import { z } from 'zod';
import { controlDecisionKinds, controlStatuses, evidenceMemberSchema, statusBases } from '../compliance.ts';
import { riskLevels } from '../risk.ts';
import { instant, reasonBody } from './common.ts';
import { riskStates } from './risk.ts';

const ref = z.string().max(120);
const counts = z.object({
  met: z.int(),
  'not-met': z.int(),
  unknown: z.int(),
  'not-applicable': z.int(),
});
export type ControlCounts = z.infer<typeof counts>;

/** A day, of which the last recorded judgement is shown; now where it is absent. */
export const complianceDayQuery = z.object({
  day: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});

const judgedAt = z.object({
  asOf: instant,
  /** The recorded judgement that it is of; null for now. */
  record: z.int().nullable(),
});

export const catalogueRowSchema = z.object({
  id: z.string(),
  title: z.string(),
  edition: z.string(),
  publisher: z.string(),
  standing: z.string(),
  licence: z.string(),
  counts,
  /** By kind of evidence, of those that are no standard of others. */
  kinds: z.object({ computed: z.int(), waiting: z.int(), 'in part': z.int(), attested: z.int() }),
});
export type CatalogueRow = z.infer<typeof catalogueRowSchema>;
export const catalogueListResponse = judgedAt.extend({ items: z.array(catalogueRowSchema) });
export type CatalogueList = z.infer<typeof catalogueListResponse>;

export const controlRowSchema = z.object({
  ref,
  id: z.string(),
  title: z.string(),
  catalogue: z.string(),
  group: z.string(),
  groupTitle: z.string(),
  obligation: z.enum(['required', 'addressable']).nullable(),
  parent: z.string().nullable(),
  /** Beneath it are others, as which it is. */
  isStandard: z.boolean(),
  status: z.enum(controlStatuses),
  basis: z.enum(statusBases),
  reason: z.string(),
  contradicted: z.boolean(),
  oldest: instant.nullable(),
});
export type ControlRow = z.infer<typeof controlRowSchema>;
export const controlListQuery = complianceDayQuery.extend({
  catalogue: z.string().max(40).optional(),
  status: z.string().max(100).optional(),
  q: z.string().max(200).optional(),
});
export const controlListResponse = judgedAt.extend({ items: z.array(controlRowSchema), total: z.int() });
export type ControlList = z.infer<typeof controlListResponse>;

export const evidenceRowSchema = z.object({
  query: z.string(),
  title: z.string(),
  asks: z.string(),
  domain: z.string(),
  days: z.int(),
  remedy: z.string(),
  outcome: z.enum(['holds', 'fails', 'unknown']),
  reason: z.string(),
  asOf: instant.nullable(),
  population: z.int(),
  failing: z.int(),
  undetermined: z.int(),
  /** Of the controls of all catalogues. */
  controls: z.int(),
});
export type EvidenceRow = z.infer<typeof evidenceRowSchema>;
export const evidenceListResponse = judgedAt.extend({ items: z.array(evidenceRowSchema) });
export type EvidenceList = z.infer<typeof evidenceListResponse>;

export const attestationRowSchema = z.object({
  id: z.uuid(),
  control: ref,
  statement: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  byName: z.string(),
  document: z.string(),
  sha256: z.string(),
  since: instant,
  until: instant,
  ended: instant.nullable(),
});
export type AttestationRow = z.infer<typeof attestationRowSchema>;

export const controlDecisionRowSchema = z.object({
  id: z.uuid(),
  control: ref,
  decision: z.enum(controlDecisionKinds),
  rationale: z.string(),
  alternative: z.string().nullable(),
  byName: z.string(),
  since: instant,
  until: instant,
  ended: instant.nullable(),
});
export type ControlDecisionRow = z.infer<typeof controlDecisionRowSchema>;

export const controlDetailSchema = controlRowSchema.extend({
  asOf: instant,
  record: z.int().nullable(),
  evidence: z.array(
    evidenceRowSchema.extend({
      covers: z.enum(['whole', 'part']),
      members: z.array(evidenceMemberSchema),
    }),
  ),
  attestations: z.array(attestationRowSchema),
  decisions: z.array(controlDecisionRowSchema),
  children: z.array(controlRowSchema),
  /** Risks that persons opened for its gaps, as they are now. */
  risks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: z.enum(riskStates),
      opened: instant,
      closed: instant.nullable(),
    }),
  ),
  /** What it was at each recorded judgement at which it changed, the newest first. */
  history: z.array(z.object({ record: z.int(), at: instant, status: z.enum(controlStatuses) })),
});
export type ControlDetail = z.infer<typeof controlDetailSchema>;

const untilDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const words = z.string().trim().min(10).max(2000);

/** A person vouches for a control: for what, by which document, and until when; within a year it is looked at again. */
export const attestBody = reasonBody.extend({
  control: ref,
  statement: words,
  /** `person:…` */
  owner: z.string().max(80),
  document: z.string().trim().min(3).max(300),
  sha256: z
    .string()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/),
  until: untilDay,
});
export const decideControlBody = reasonBody.extend({
  control: ref,
  decision: z.enum(controlDecisionKinds),
  rationale: words,
  alternative: words.optional(),
  until: untilDay,
});

/** Opens the risk of each gap of a control; the level is the person's own, since no device shows it by itself. */
export const gapRiskBody = reasonBody.extend({ level: z.enum(riskLevels) });
export const gapRiskResponse = z.object({
  /** The risks of its gaps, new or there before. */
  risks: z.array(z.string()),
  opened: z.int(),
});

export const complianceRecordRowSchema = z.object({
  id: z.int(),
  at: instant,
  digest: z.string(),
  /** Of the act in the ledger. */
  sequence: z.int(),
  counts,
});
export type ComplianceRecordRow = z.infer<typeof complianceRecordRowSchema>;
export const complianceRecordListResponse = z.object({ items: z.array(complianceRecordRowSchema) });
export type ComplianceRecordList = z.infer<typeof complianceRecordListResponse>;
