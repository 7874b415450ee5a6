import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { weeklyWindowSchema } from '../patching.ts';
import { safeWindowSchema, usageStates } from '../usage.ts';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

const hoursSchema = z.object({
  'in-use': z.int(),
  idle: z.int(),
  off: z.int(),
  unknown: z.int(),
});
/** In use, of the hours known; null where none is. */
const utilisation = z.number().min(0).max(1).nullable();
/** Per hour of the week from Monday 0:00 in the site's time: share in use of what is known; null where nothing is. */
const weekShares = z.array(z.number().min(0).max(1).nullable()).length(168);

export const usageRowSchema = z.object({
  asset: z.string(),
  assetName: z.string(),
  class: z.string().nullable(),
  classLabel: z.string(),
  criticality: z.enum(criticalities),
  location: z.string(),
  site: z.int(),
  /** Of the site; null where nothing was worked out yet. */
  timeZone: z.string().nullable(),
  from: instant.nullable(),
  until: instant.nullable(),
  hours: hoursSchema,
  utilisation,
  lastInUse: instant.nullable(),
  /** Proposed, the surest first. */
  windows: z.array(safeWindowSchema),
});
export type UsageRow = z.infer<typeof usageRowSchema>;
export const usageListResponse = page(usageRowSchema);
export type UsageList = z.infer<typeof usageListResponse>;

export const usageListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  class: listParameter,
  criticality: listParameter,
  site: z.coerce.number().int().positive().optional(),
  /** Whether anything is known of its use. */
  use: z.enum(['known', 'unknown']).optional(),
});

export const usageClassSchema = z.object({
  /** Empty for every device together. */
  class: z.string(),
  classLabel: z.string(),
  devices: z.int(),
  /** Devices of whose week something is known; windows rest on these alone. */
  knownDevices: z.int(),
  hours: hoursSchema,
  utilisation,
  week: weekShares,
  /** Null where its devices stand in several zones, or none was watched: no window is proposed then. */
  timeZone: z.string().nullable(),
  /** When none of its devices of which anything is known often is in use. */
  windows: z.array(safeWindowSchema),
});
export type UsageClass = z.infer<typeof usageClassSchema>;
export const usageClassesResponse = z.object({
  asOf: instant,
  all: usageClassSchema,
  items: z.array(usageClassSchema),
});
export type UsageClasses = z.infer<typeof usageClassesResponse>;

export const assetUsageQuery = z.object({ weeks: z.coerce.number().int().min(1).max(12).default(4) });
export const assetUsageResponse = z.object({
  asset: z.string(),
  assetName: z.string(),
  /** Of the site, in which days, hours of the week and windows are told. */
  timeZone: z.string(),
  weeks: z.int(),
  /** Full hours of UTC; null where nothing was watched at its site. */
  from: instant.nullable(),
  until: instant.nullable(),
  hours: hoursSchema,
  utilisation,
  lastInUse: instant.nullable(),
  week: weekShares,
  /** How many times each hour of the week was known. */
  weekKnown: z.array(z.int()).length(168),
  windows: z.array(safeWindowSchema),
  /** One for each hour from `from` on. */
  states: z.array(z.enum(usageStates)),
  /** Protocols of care that its use showed in. */
  protocols: z.array(z.string()),
});
export type AssetUsage = z.infer<typeof assetUsageResponse>;

/** A proposed window, or a part of it; its zone is that of the devices' site. */
export const usageWindowBody = weeklyWindowSchema.omit({ timeZone: true }).extend({
  on: z.enum(['asset', 'class']),
  onId: z.string().min(1).max(200),
  /** Who agreed, what to mind. */
  note: z.string().trim().max(500).default(''),
  reason: reasonBody.shape.reason,
});
