import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { patchActions, weeklyWindowSchema, windowHolders } from '../patching.ts';
import { levelSpanSchema } from '../risk.ts';
import { instant, reasonBody } from './common.ts';

export const maintenanceWindowSchema = weeklyWindowSchema.extend({
  id: z.string(),
  on: z.enum(windowHolders),
  /** The asset or class; null for all. */
  onId: z.string().nullable(),
  onName: z.string(),
  note: z.string(),
  addedBy: z.string(),
  added: instant,
});
export type MaintenanceWindow = z.infer<typeof maintenanceWindowSchema>;
export const maintenanceWindowsResponse = z.object({ items: z.array(maintenanceWindowSchema) });

export const maintenanceWindowBody = weeklyWindowSchema
  .extend({
    on: z.enum(windowHolders),
    onId: z.string().min(1).max(200).nullable().default(null),
    /** Who agreed, what to mind. */
    note: z.string().trim().max(500).default(''),
    reason: reasonBody.shape.reason,
  })
  .refine(({ on, onId }) => (on === 'all') === (onId === null), 'onId: an asset or class, and none for all');

export const patchItemSchema = z.object({
  product: z.string(),
  action: z.enum(patchActions),
  /** What the vendor says, in its words; null where it says nothing. */
  vendorSays: z.string().nullable(),
  weaknesses: z.int(),
  /** The gravest, by name. */
  gravest: z.array(z.string()),
  exploited: z.boolean(),
  patient: levelSpanSchema,
  /** Controls on all of its risks are verified and hold. */
  compensated: z.boolean(),
  /** The earliest day until which a person promised to treat one of its risks. */
  deadline: instant.nullable(),
  /** The day on which the support of the operating system of one of its devices ended. */
  supportEnded: z.string().nullable(),
  risks: z.array(z.string()),
  assets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      criticality: z.enum(criticalities),
      location: z.string(),
      /** The next time that it may be taken out of use; null where nobody said when. */
      slot: z.object({ from: instant, until: instant, by: z.enum(windowHolders) }).nullable(),
    }),
  ),
});
export type PatchItem = z.infer<typeof patchItemSchema>;

export const patchPlanResponse = z.object({
  asOf: instant,
  /** What can harm patients most first. */
  items: z.array(patchItemSchema),
  /** There is more than is told. */
  more: z.boolean(),
});
export type PatchPlan = z.infer<typeof patchPlanResponse>;
