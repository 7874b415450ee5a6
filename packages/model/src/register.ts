import { z } from 'zod';

/** The fields a CMMS register can be mapped to. */
export const registerFields = [
  'tag',
  'vendor',
  'model',
  'serial',
  'class',
  'mac',
  'ip',
  'hostname',
  'software',
  'department',
  'location',
  'owner',
  'criticality',
  'status',
  'notes',
] as const;
export type RegisterField = (typeof registerFields)[number];

/** One device as the hospital's register (CMMS) has it; `row` is the CSV record it came from, counted from 1. */
export const registerEntrySchema = z.object({
  row: z.int().min(1),
  tag: z.string(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  class: z.string().nullable(),
  /** In the sensor's form (lower case, colons). */
  macs: z.array(z.string()),
  ips: z.array(z.string()),
  hostname: z.string().nullable(),
  software: z.string().nullable(),
  department: z.string().nullable(),
  location: z.string().nullable(),
  owner: z.string().nullable(),
  criticality: z.string().nullable(),
  status: z.string().nullable(),
  notes: z.string().nullable(),
});
export type RegisterEntry = z.infer<typeof registerEntrySchema>;

/** A record that could not be taken, or was taken with a doubt. */
export const registerIssueSchema = z.object({
  row: z.int(),
  column: z.string().nullable(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
});
export type RegisterIssue = z.infer<typeof registerIssueSchema>;

export const reconciliationStates = ['matched', 'shadow', 'missing', 'conflicting'] as const;
export type ReconciliationState = (typeof reconciliationStates)[number];

/** One line of the comparison of register and network. */
export const reconciliationSchema = z.object({
  /** Stable: the tag, or `asset:ID` for a shadow device. */
  key: z.string(),
  state: z.enum(reconciliationStates),
  asset: z.string().nullable(),
  tag: z.string().nullable(),
  /** Which field joined them (`serial`, `mac`, `hostname`, `ip`), null for shadow and missing. */
  matchedBy: z.string().nullable(),
  reason: z.string(),
  differences: z.array(
    z.object({ field: z.string(), registered: z.string(), observed: z.string(), confidence: z.number() }),
  ),
});
export type Reconciliation = z.infer<typeof reconciliationSchema>;
