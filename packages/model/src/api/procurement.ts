import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

const text = (most: number) => z.string().trim().max(most);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day as 2026-12-31');
const count = z.int().min(0).max(10_000).nullable();

/** What a vendor commits itself to, as it stands in the offer; null and `unknown`: nothing is said. */
export const commitmentsSchema = z.object({
  /** Days until a critical weakness is patched. */
  patchDays: count,
  /** Years for which security updates are promised. */
  updateYears: count,
  /** Days of notice before support ends. */
  endOfSupportNoticeDays: count,
  /** Hours until service answers to a security incident. */
  supportHours: count,
  keyStorage: z.enum(['hardware', 'software', 'unknown']),
  signedUpdates: z.enum(['yes', 'no', 'unknown']),
  disclosureProgramme: z.enum(['yes', 'no', 'unknown']),
});
export type Commitments = z.infer<typeof commitmentsSchema>;

export const purchaseStates = [
  'requested',
  'assessed',
  'approved',
  'conditional',
  'rejected',
  'commissioned',
] as const;
export type PurchaseState = (typeof purchaseStates)[number];

export const conditionSchema = z.object({
  id: z.string().max(60),
  text: text(500).min(1),
  due: day.nullable(),
  met: z.boolean(),
});
export type Condition = z.infer<typeof conditionSchema>;

export const purchaseDetailsSchema = z.object({
  title: text(200).min(1),
  vendor: text(200).min(1),
  model: text(200).min(1),
  software: text(100),
  department: text(200),
  /** What it is to be used for. */
  purpose: text(1000),
  commitments: commitmentsSchema,
});
export type PurchaseDetails = z.infer<typeof purchaseDetailsSchema>;

/** An offer of which nothing is known yet. */
export const nothingOffered: PurchaseDetails = {
  title: '',
  vendor: '',
  model: '',
  software: '',
  department: '',
  purpose: '',
  commitments: {
    patchDays: null,
    updateYears: null,
    endOfSupportNoticeDays: null,
    supportHours: null,
    keyStorage: 'unknown',
    signedUpdates: 'unknown',
    disclosureProgramme: 'unknown',
  },
};

/** One line of a score: points of the most possible, why, and the statement it rests on. */
export const scoreLineSchema = z.object({
  id: z.string(),
  title: z.string(),
  verdict: z.enum(['good', 'partly', 'bad', 'unknown']),
  points: z.number(),
  most: z.number(),
  reason: z.string(),
  /** A cell of a form, a bill of materials, the offer; null where nothing is known. */
  source: z.string().nullable(),
  /** What to ask for in the contract; null where nothing is missing. */
  clause: z.string().nullable(),
});
export type ScoreLine = z.infer<typeof scoreLineSchema>;
export const scorePartSchema = z.object({
  id: z.string(),
  title: z.string(),
  weight: z.number(),
  points: z.number(),
  most: z.number(),
  lines: z.array(scoreLineSchema),
});
export const scoreSchema = z.object({
  /** 0 to 100 by what is known to be good; what is unknown counts nothing. */
  score: z.number(),
  /** 0 to 100 if all that is unknown turned out well. */
  upTo: z.number(),
  parts: z.array(scorePartSchema),
});
export type Score = z.infer<typeof scoreSchema>;

export const purchaseSchema = z.object({
  id: z.string(),
  revision: z.int(),
  state: z.enum(purchaseStates),
  details: purchaseDetailsSchema,
  conditions: z.array(conditionSchema),
  score: scoreSchema,
  mds2: z.string().nullable(),
  sbom: z.string().nullable(),
  decidedBy: z.string().nullable(),
  /** Assets that were commissioned from it. */
  assets: z.array(z.string()),
  added: instant,
  modified: instant,
});
export type Purchase = z.infer<typeof purchaseSchema>;
export const purchaseListResponse = z.object({ items: z.array(purchaseSchema), total: z.int() });
export type PurchaseList = z.infer<typeof purchaseListResponse>;
export const purchaseAddBody = purchaseDetailsSchema.extend(reasonBody.shape);
export const purchaseChangeBody = purchaseDetailsSchema
  .extend(reasonBody.shape)
  .extend({ revision: z.int() });
export const purchaseDecisionBody = reasonBody.extend({
  decision: z.enum(['approved', 'conditional', 'rejected']),
  conditions: z.array(conditionSchema.omit({ id: true, met: true })).max(30),
});
export const conditionMetBody = reasonBody.extend({ met: z.boolean() });
