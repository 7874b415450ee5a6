import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** `same`: the point runs what was proved. `changed`: somebody changed it. `missing`, `none`: nothing of ours runs there. */
export const kernelStates = ['same', 'changed', 'missing', 'none', 'foreign'] as const;

/**
 * What has drifted apart. `silent`: the point does not report. `unapplied`: it runs no policy. `outdated`: it runs another
 * than the one in force. `changed`: it runs what nobody proved. `differs`: what it runs is not what the policy says of the assets
 * as they are now. `bypassed`: traffic that it has to stop was answered all the same.
 */
export const driftKinds = ['silent', 'unapplied', 'outdated', 'changed', 'differs', 'bypassed'] as const;
export const driftSchema = z.object({
  kind: z.enum(driftKinds),
  /** One sentence for a person. */
  message: z.string(),
  /** Packets and conversations that show it. */
  evidence: z.array(z.string()),
});
export type Drift = z.infer<typeof driftSchema>;

const countedSchema = z.object({
  declaration: z.string().max(200),
  declared: z.int().min(0),
  observed: z.int().min(0),
  alerted: z.int().min(0),
  dropped: z.int().min(0),
});

export const enforcementPointSchema = z.object({
  id: z.string(),
  name: z.string(),
  place: z.string(),
  added: instant,
  reported: instant.nullable(),
  kernel: z.enum(kernelStates).nullable(),
  policyName: z.string().nullable(),
  /** The version of the platform whose text the point runs; null where it runs none of them. */
  version: z.int().nullable(),
  applied: instant.nullable(),
  trialUntil: instant.nullable(),
  counted: z.array(countedSchema),
  drift: z.array(driftSchema),
});
export type EnforcementPoint = z.infer<typeof enforcementPointSchema>;

export const enforcementResponse = z.object({
  asOf: instant,
  /** The version in force. */
  current: z.int().nullable(),
  points: z.array(enforcementPointSchema),
});
export type Enforcement = z.infer<typeof enforcementResponse>;

const pointName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and hyphens');
export const pointAddBody = reasonBody.extend({
  name: pointName,
  place: z.string().trim().max(200).default(''),
});
export const pointMadeResponse = z.object({ id: z.string() });

/** What an enforcement point says of itself; the platform proves what it says that it runs. */
export const pointReportBody = z.object({
  kernel: z.enum(kernelStates),
  policyName: z.string().max(500).nullable(),
  /** SHA-256 of the policy's text. */
  policyDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  applied: instant.nullable(),
  trialUntil: instant.nullable(),
  /** What the kernel says that it runs, in its own words. */
  listing: z.string().max(8_000_000).nullable(),
  counted: z.array(countedSchema).max(10_000),
});
export type PointReport = z.infer<typeof pointReportBody>;
export const pointReportedResponse = z.object({
  /** The version in force; null where there is none to hold the point against. */
  current: z.int().nullable(),
  drift: z.array(driftSchema),
});
export type PointReported = z.infer<typeof pointReportedResponse>;
