import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** Structures of a TPM and certificates in base64: none is longer. */
const bytes = z.base64().max(16_384);
const pcr = z.int().min(0).max(23);

/** TPMT_PUBLIC of the endorsement key and of the attestation key, and who vouches for the first (DER). */
export const bootOfferBody = z.object({
  ekPublic: bytes,
  akPublic: bytes,
  ekCertificate: bytes,
  intermediates: z.array(bytes).max(5),
});
export const bootQuestionResponse = z.object({
  id: z.uuid(),
  challenge: bytes,
  blob: bytes,
  seed: bytes,
  bank: z.literal('sha256'),
  pcrs: z.array(pcr),
});
export const bootAnswerBody = z.object({
  id: z.uuid(),
  secret: bytes,
  /** TPMS_ATTEST and TPMT_SIGNATURE of the quote. */
  quoted: bytes,
  signature: bytes,
  pcrs: z.array(z.object({ pcr, value: bytes })).max(24),
  /** The measured-boot log as the firmware wrote it. */
  log: z.base64().max(1_500_000).nullable(),
});

export const bootStatuses = ['affirmed', 'unknown', 'contradicted'] as const;
const status = z.enum(bootStatuses);
export const bootVerdictResponse = z.object({ status, grade: z.int() });

export const bootAppraisalSchema = z.object({
  id: z.string(),
  asset: z.string(),
  name: z.string(),
  criticality: z.string(),
  /** When it first showed this, and when it showed the same last. */
  at: instant,
  heard: instant,
  /** 2: a quote; 3: a quote with its log and reference values. */
  grade: z.int(),
  status,
  refused: z.array(z.object({ what: z.string(), why: z.string() })),
  differences: z.array(
    z.object({
      kind: z.enum(['value', 'unknown-event', 'missing-event', 'unseen']),
      pcr,
      index: z.int().optional(),
      found: z.string().optional(),
      expected: z.string().optional(),
    }),
  ),
  secureBoot: z.boolean().nullable(),
  rebooted: z.boolean(),
  pcrs: z.record(z.string(), z.string()),
  reference: z.string().nullable(),
  vendor: z.string(),
  model: z.string(),
  software: z.string(),
});
export type BootAppraisal = z.infer<typeof bootAppraisalSchema>;

export const bootReferenceSchema = z.object({
  id: z.string(),
  vendor: z.string(),
  model: z.string(),
  software: z.string(),
  pcrs: z.array(pcr),
  /** The appraisal from which it was taken. */
  origin: z.string(),
  added: instant,
  addedBy: z.string(),
});
export type BootReference = z.infer<typeof bootReferenceSchema>;

export const bootListResponse = z.object({
  asOf: instant,
  items: z.array(bootAppraisalSchema),
  references: z.array(bootReferenceSchema),
});
export type BootList = z.infer<typeof bootListResponse>;
export const bootHistoryResponse = z.object({ asOf: instant, items: z.array(bootAppraisalSchema) });

export const bootReferenceBody = reasonBody.extend({
  appraisal: z.uuid(),
  /** Settings and partitions (1, 3, 5) differ from device to device, and are not among what is taken by itself. */
  pcrs: z.array(pcr).min(1).max(24).default([0, 2, 4, 7, 9]),
});
