import { z } from 'zod';
import { isTimeZone } from '../time.ts';
import { instant, reasonBody } from './common.ts';

const siteName = z.string().trim().min(1).max(80);
const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, { message: 'expected a time zone of the IANA database, such as Europe/Berlin' });

/** A place with a network of its own: the same address at two sites is two devices. */
export const siteSchema = z.object({
  id: z.int(),
  name: z.string(),
  /** Free words by which sites are put together; empty for none. */
  region: z.string(),
  timeZone: z.string(),
  assets: z.int(),
  /** Names of the sensors that may hand in what they see there and nowhere else. */
  sensors: z.array(z.string()),
  /** When a sensor or an import last handed something in. */
  lastBatch: instant.nullable(),
});
export type Site = z.infer<typeof siteSchema>;

/** Why a batch that a broker gave out was not taken. */
export const refusedBatchReasons = {
  unsigned: 'not signed by the key of the certificate that came along',
  'certificate-ended': 'the certificate did not hold when the broker stored it',
  'unknown-key': 'no sensor is registered with this key, or no longer',
  forbidden: 'the sensor may not hand over batches',
  'other-site': 'the sensor stands at another site',
  'other-sensor': 'signed by another sensor, or for another stream or number',
  'no-batch': 'what was signed is no batch',
  unstorable: 'the database cannot hold what it says',
  'gap-too-wide': 'more numbers are missing before it than are given up at once',
} as const;
export type RefusedBatchReason = keyof typeof refusedBatchReasons;

const refusedBatchesSchema = z.object({
  /** As its subject names them: a stranger may have made them up. */
  site: z.int(),
  sensor: z.string(),
  reason: z.enum(Object.keys(refusedBatchReasons) as [RefusedBatchReason, ...RefusedBatchReason[]]),
  count: z.int(),
  last: instant,
});
export type RefusedBatches = z.infer<typeof refusedBatchesSchema>;

export const siteListResponse = z.object({
  items: z.array(siteSchema),
  /** Batches that a broker gave out and that were not taken; the newest first. */
  refused: z.array(refusedBatchesSchema),
});
export type SiteList = z.infer<typeof siteListResponse>;

export const siteAddBody = reasonBody.extend({
  name: siteName,
  region: z.string().trim().max(80).default(''),
  timeZone: timeZone.default('UTC'),
});
export const siteChangeBody = reasonBody.extend({
  name: siteName.optional(),
  region: z.string().trim().max(80).optional(),
  timeZone: timeZone.optional(),
});
