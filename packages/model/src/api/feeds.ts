import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

export const feedStates = ['never', 'running', 'done', 'failed'] as const;

/** A place that advisories are taken from, again and again: a folder of the server's mirrors, or a URL. */
export const feedRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  kind: z.enum(['folder', 'url']),
  /** 0: only when a person says so. */
  everyHours: z.int(),
  /** Of the OpenPGP keys, one of which has to have signed every document; empty: signatures are not checked. */
  fingerprints: z.array(z.string()),
  state: z.enum(feedStates),
  /** Why the last run failed. */
  problem: z.string().nullable(),
  /** Documents of the run, and how many of them are done. */
  total: z.int(),
  done: z.int(),
  /** How the last run went: documents by outcome. */
  counts: z.record(z.string(), z.int()),
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
});
export type FeedRow = z.infer<typeof feedRowSchema>;
export const feedListResponse = z.object({
  items: z.array(feedRowSchema),
  /** Where folders of feeds lie on the server. */
  mirrors: z.string(),
});
export const feedAddBody = reasonBody.extend({
  name: z.string().trim().min(1).max(100),
  location: z.string().trim().min(1).max(2000),
  everyHours: z.int().min(0).max(8760).default(24),
  /** OpenPGP public keys, armoured. */
  keys: z.string().max(1_000_000).default(''),
});
export const feedFileSchema = z.object({
  path: z.string(),
  outcome: z.string(),
  /** What was checked beside its content: `hash`, `signature`. */
  checked: z.array(z.string()),
  faults: z.array(z.object({ place: z.string(), message: z.string() })),
  at: instant,
});
export const feedFilesResponse = z.object({ items: z.array(feedFileSchema), total: z.int() });
