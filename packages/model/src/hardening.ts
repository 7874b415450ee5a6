import { z } from 'zod';
import { evidenceSchema } from './evidence.ts';

/** What a baseline asks of a device, in the order in which a person reads it. */
export const hardeningQuestions = ['debug', 'services', 'clear-text', 'credentials', 'media'] as const;
export type HardeningQuestion = (typeof hardeningQuestions)[number];

/** One question of a baseline with its answer; what nobody looked at is unknown, and never met. */
export const hardeningItemSchema = z.object({
  question: z.enum(hardeningQuestions),
  title: z.string(),
  answer: z.enum(['met', 'not-met', 'unknown']),
  /** Sentences that a biomedical engineer can check. */
  reason: z.string(),
  evidence: z.array(evidenceSchema),
});
export type HardeningItem = z.infer<typeof hardeningItemSchema>;

export const hardeningResponse = z.object({
  /** Null where the asset's kind is not known, or has no baseline. */
  baseline: z.object({ id: z.string(), label: z.string() }).nullable(),
  items: z.array(hardeningItemSchema),
});
export type Hardening = z.infer<typeof hardeningResponse>;
