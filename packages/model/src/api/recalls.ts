import { z } from 'zod';
import { instant, page, pagingQuery, reasonBody } from './common.ts';

/** How sure it is that a notice is about a device. */
export const recallCertainties = ['certain', 'likely', 'possible', 'unlikely'] as const;
/** What a person said to it: nothing yet, that the device is one of those, that it is not, or that what was asked for is done. */
export const recallStates = ['undecided', 'ours', 'not-ours', 'done'] as const;
export type RecallState = (typeof recallStates)[number];

export const recallRowSchema = z.object({
  id: z.string(),
  /** The authority's or maker's own number. */
  number: z.string(),
  source: z.enum(['fda-recall', 'fda-enforcement', 'notice']),
  firm: z.string(),
  product: z.string(),
  grade: z.enum(['I', 'II', 'III']).nullable(),
  status: z.enum(['open', 'ended']).nullable(),
  day: z.string().nullable(),
  /** Devices that it may be about, those that it is unlikely to be about left out. */
  devices: z.int(),
  /** Of these, where a person still has to say or do something. */
  open: z.int(),
  addedAt: instant,
  addedBy: z.string(),
});
export type RecallRow = z.infer<typeof recallRowSchema>;
export const recallListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  /** `open`: somebody has to say or do something; `ours`: devices of the house may be meant. */
  only: z.enum(['open', 'ours']).optional(),
});
export const recallListResponse = page(recallRowSchema);
export type RecallList = z.infer<typeof recallListResponse>;

export const recallMatchSchema = z.object({
  asset: z.string(),
  assetName: z.string(),
  classLabel: z.string(),
  criticality: z.string(),
  serial: z.string(),
  certainty: z.enum(recallCertainties),
  reasons: z.array(z.string()),
  state: z.enum(recallStates),
  decidedBy: z.string().nullable(),
  decidedAt: instant.nullable(),
  decidedReason: z.string().nullable(),
  /** It was said not to be ours, and has become certain since. */
  reconsider: z.boolean(),
});
export type RecallMatchRow = z.infer<typeof recallMatchSchema>;
export const recallDetailResponse = z.object({
  recall: recallRowSchema.extend({
    /** Which units, in the notice's words. */
    unitsText: z.string(),
    why: z.string(),
    action: z.string(),
    identifiers: z.array(z.string()),
  }),
  matches: z.array(recallMatchSchema),
});
export type RecallDetail = z.infer<typeof recallDetailResponse>;

export const recallImportBody = reasonBody.extend({
  name: z.string().trim().min(1).max(300),
  /** JSON of openFDA, or a table of notices as CSV. */
  text: z.string().min(1),
});
export const recallImportResponse = z.object({
  read: z.int(),
  added: z.int(),
  changed: z.int(),
  /** Devices that any of them may be about. */
  devices: z.int(),
  faults: z.array(z.object({ place: z.string(), message: z.string() })),
});
export type RecallImported = z.infer<typeof recallImportResponse>;

/** What was done stands in the reason. */
export const recallDecisionBody = reasonBody.extend({ state: z.enum(['ours', 'not-ours', 'done']) });
