import { z } from 'zod';
import { evidenceSchema } from './evidence.ts';

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Whom a finding may harm: three marks, never one number. */
export const harms = ['patient', 'privacy', 'operations'] as const;
export type Harm = (typeof harms)[number];

/** A judgement about one asset, by one rule of the knowledge, that rests on facts. */
export const findingSchema = z.object({
  id: z.string(),
  rule: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  harms: z.array(z.enum(harms)),
  asset: z.string(),
  peer: z.string().nullable(),
  service: z.object({ transport: z.string(), port: z.int().nullable() }).nullable(),
  /** What was seen, in a sentence with the names of the two sides. */
  summary: z.string(),
  /** Why it matters here and what to do, in clinical words. */
  remedy: z.string(),
  firstSeen: z.int(),
  lastSeen: z.int(),
  count: z.int(),
  evidence: z.array(evidenceSchema).max(8),
});
export type Finding = z.infer<typeof findingSchema>;
