import { z } from 'zod';
import { reportKinds } from '../reports.ts';
import { stepSchema } from '../seven-steps.ts';
import { instant, reasonBody } from './common.ts';

export const reportRowSchema = z.object({
  number: z.int(),
  kind: z.enum(reportKinds),
  title: z.string(),
  /** Whom it is about, in words. */
  subject: z.string(),
  at: instant,
  byName: z.string(),
  digest: z.string(),
  /** Of the act in the ledger. */
  sequence: z.int(),
});
export type ReportRow = z.infer<typeof reportRowSchema>;
export const reportListResponse = z.object({ items: z.array(reportRowSchema) });
export type ReportList = z.infer<typeof reportListResponse>;

export const sevenStepsResponse = z.object({
  asOf: instant,
  steps: z.array(stepSchema),
  /** The last risk analysis that was made. */
  last: z.object({ number: z.int(), at: instant }).nullable(),
});
export type SevenSteps = z.infer<typeof sevenStepsResponse>;

/** Makes a report of what is known now. `subject` names the device, incident or supplier that it is about. */
export const reportMakeBody = reasonBody.extend({
  kind: z.enum(reportKinds),
  subject: z.string().max(200).optional(),
  /** Of a risk analysis: what belongs to it and what does not, in the hospital's own words. */
  scope: z.string().trim().min(10).max(4000).optional(),
});
export const reportMadeResponse = z.object({ number: z.int() });
/** Ids of assets, parted by commas; as many as fit on a hundred sheets. */
export const assetLabelsQuery = z.object({ assets: z.string().min(1).max(100_000) });
export const reportPageQuery = z.object({ download: z.enum(['yes']).optional() });
export const recordPageQuery = reportPageQuery.extend({
  report: z.enum(['board', 'controls']),
  catalogue: z.string().max(40).default('hipaa-security'),
});
