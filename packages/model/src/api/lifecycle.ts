import { z } from 'zod';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';
import { conditionSchema } from './procurement.ts';

/** Where a device stands between purchase and disposal. `observed`: it is on the network, and nobody has commissioned it. */
export const lifecycleStates = [
  'observed',
  'commissioned',
  'in-service',
  'maintenance',
  'lost',
  'decommissioned',
] as const;
export type LifecycleState = (typeof lifecycleStates)[number];

/** What may follow what; a lost device may be found again, a decommissioned one may not come back. */
export const lifecycleMoves: Readonly<
  Record<LifecycleState, readonly Exclude<LifecycleState, 'observed'>[]>
> = {
  observed: ['commissioned', 'lost', 'decommissioned'],
  commissioned: ['in-service', 'maintenance', 'lost', 'decommissioned'],
  'in-service': ['maintenance', 'lost', 'decommissioned'],
  maintenance: ['in-service', 'lost', 'decommissioned'],
  lost: ['in-service', 'maintenance', 'decommissioned'],
  decommissioned: [],
};

/** How data were removed (NIST SP 800-88 rev. 1 §2.5), and what became of the device. */
export const sanitisationMethods = ['clear', 'purge', 'destroy', 'none-needed'] as const;
export const sanitisationSchema = z.object({
  method: z.enum(sanitisationMethods),
  /** Which media, and what was done to each. */
  media: z.string().trim().min(1).max(1000),
  /** Tool, its version, or the procedure of the maker. */
  means: z.string().trim().max(500),
  verification: z.enum(['full', 'sampled', 'none']),
  verifiedBy: z.string().trim().max(200),
  /** Where it went: reused, sold, returned to the maker, destroyed. */
  destination: z.string().trim().min(1).max(300),
});
export type Sanitisation = z.infer<typeof sanitisationSchema>;

/** One line of the checklist; what nothing is known of is unknown and never done. */
export const checkSchema = z.object({
  id: z.string(),
  title: z.string(),
  answer: z.enum(['done', 'open', 'unknown']),
  reason: z.string(),
});
export type Check = z.infer<typeof checkSchema>;

export const lifecycleEventSchema = z.object({
  from: z.enum(lifecycleStates),
  to: z.enum(lifecycleStates),
  at: instant,
  actor: z.string(),
  reason: z.string(),
  sanitisation: sanitisationSchema.nullable(),
  checks: z.array(checkSchema),
});

export const udiSchema = z.object({
  agency: z.enum(['GS1', 'HIBCC', 'ICCBBA']),
  carrier: z.string(),
  device: z.string(),
  lot: z.string().nullable(),
  serial: z.string().nullable(),
  expires: z.string().nullable(),
  made: z.string().nullable(),
  version: z.string().nullable(),
  donation: z.string().nullable(),
  others: z.array(z.object({ key: z.string(), value: z.string() })),
});

export type Udi = z.infer<typeof udiSchema>;

/** A copy of a device's settings, as a person entered it; the copy itself lies elsewhere. */
export const deviceBackupSchema = z.object({
  id: z.int(),
  /** The day on which it was made. */
  made: z.string(),
  /** Where it lies; empty where the device has no settings to save. */
  place: z.string(),
  sha256: z.string().nullable(),
  /** What ran on the device when it was made; empty where that was not known. */
  software: z.string(),
  kind: z.enum(['settings', 'nothing-to-save']),
  /** The day on which it was last restored for a try, and how. */
  tried: z.string().nullable(),
  triedHow: z.string(),
  addedBy: z.string(),
});
export type DeviceBackup = z.infer<typeof deviceBackupSchema>;

const pastDay = z.iso.date();
export const deviceBackupBody = reasonBody.extend({
  made: pastDay,
  kind: z.enum(['settings', 'nothing-to-save']).default('settings'),
  place: z.string().trim().max(300).default(''),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits')
    .nullable()
    .default(null),
});
export const deviceBackupTriedBody = reasonBody.extend({
  day: pastDay,
  /** On which device, and what was compared. */
  how: z.string().trim().min(3).max(500),
});

export const lifecycleResponse = z.object({
  asset: z.string(),
  assetName: z.string(),
  state: z.enum(lifecycleStates),
  since: instant.nullable(),
  may: z.array(z.enum(lifecycleStates)),
  udi: udiSchema.nullable(),
  purchase: z.object({ id: z.string(), title: z.string(), conditions: z.array(conditionSchema) }).nullable(),
  /** For commissioning, and while it is in use. */
  checks: z.array(checkSchema),
  /** For leaving the network; of what a decommissioned device still has. */
  leaving: z.array(checkSchema),
  history: z.array(lifecycleEventSchema),
  /** The newest first; those that are lost are left out. */
  backups: z.array(deviceBackupSchema),
});
export type Lifecycle = z.infer<typeof lifecycleResponse>;

export const lifecycleMoveBody = reasonBody.extend({
  to: z.enum(['commissioned', 'in-service', 'maintenance', 'lost', 'decommissioned']),
  /** Needed to decommission. */
  sanitisation: sanitisationSchema.optional(),
  /** The assessment that it was bought by; its conditions follow the device. */
  purchase: z.string().max(64).optional(),
});
export const udiBody = reasonBody.extend({ code: z.string().trim().min(1).max(300) });

export const lifecycleRowSchema = z.object({
  asset: z.string(),
  assetName: z.string(),
  classLabel: z.string(),
  criticality: z.string(),
  state: z.enum(lifecycleStates),
  since: instant.nullable(),
  /** Conditions of its purchase that are open. */
  conditions: z.int(),
  device: z.string().nullable(),
});
export type LifecycleRow = z.infer<typeof lifecycleRowSchema>;
export const lifecycleListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  state: listParameter,
});
export const lifecycleListResponse = page(lifecycleRowSchema);
export type LifecycleList = z.infer<typeof lifecycleListResponse>;
export const fhirImportBody = reasonBody.extend({ text: z.string() });
export const fhirImportResponse = z.object({
  /** Devices that are one asset, by serial number or UDI, and took its identifier over. */
  matched: z.array(z.object({ device: z.string(), asset: z.string() })),
  unmatched: z.array(z.string()),
  faults: z.array(z.object({ place: z.string(), message: z.string() })),
});
export type FhirImported = z.infer<typeof fhirImportResponse>;
