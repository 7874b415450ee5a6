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
export const siteListResponse = z.object({ items: z.array(siteSchema) });
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
