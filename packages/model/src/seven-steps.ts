import { z } from 'zod';

export const stepNames = ['scope', 'data', 'threats', 'weaknesses', 'risk', 'treatment', 'watch'] as const;
export type StepName = (typeof stepNames)[number];

/** One step of a risk assessment as it stands: `done` only where everything was looked at and holds. */
export const stepSchema = z.strictObject({
  name: z.enum(stepNames),
  title: z.string(),
  what: z.string(),
  state: z.enum(['done', 'open', 'unknown']),
  checks: z.array(
    z.strictObject({
      title: z.string(),
      state: z.enum(['done', 'open', 'unknown']),
      reason: z.string(),
      /** What to do; empty where nothing is to be done. */
      remedy: z.string(),
    }),
  ),
});
export type Step = z.infer<typeof stepSchema>;
