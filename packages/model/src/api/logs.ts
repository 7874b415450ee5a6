import { z } from 'zod';
import { logTransports } from '../log-line.ts';
import { instant } from './common.ts';

export const logLineQuery = z.object({
  site: z.coerce.number().int().min(1).max(1_000_000).default(1),
  q: z.string().max(200).optional(),
  /** The address that a line came from. */
  device: z.string().max(64).optional(),
  application: z.string().max(256).optional(),
  /** Lines before this one: `next` of the answer before. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
export const logLineRowSchema = z.object({
  id: z.int(),
  /** When it came, and when the device says that it was. */
  at: instant,
  stated: instant.nullable(),
  sensor: z.string(),
  device: z.string(),
  asset: z.string().nullable(),
  name: z.string(),
  transport: z.enum(logTransports),
  facility: z.int().nullable(),
  severity: z.int().nullable(),
  host: z.string().nullable(),
  application: z.string().nullable(),
  text: z.string(),
  fields: z.record(z.string(), z.string()),
});
export type LogLineRow = z.infer<typeof logLineRowSchema>;
export const logLineListResponse = z.object({
  asOf: instant,
  items: z.array(logLineRowSchema),
  /** Null where there are no earlier ones. */
  next: z.int().nullable(),
});
export type LogLineList = z.infer<typeof logLineListResponse>;
