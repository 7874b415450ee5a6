import { z } from 'zod';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** One form of the table that this point has run; its text lies beside, by its digest. */
const versionSchema = z.strictObject({
  /** SHA-256 of the text that was loaded. */
  digest,
  /** SHA-256 of what the kernel said once it was proved; what it says later is held against it. Null until then. */
  listing: digest.nullable(),
  /** The policy's name and the digests of its text and assets; null where the table was found here. */
  policy: z.strictObject({ name: z.string(), text: digest, assets: digest }).nullable(),
  appliedAt: z.iso.datetime(),
  appliedBy: z.string(),
});
export type Version = z.infer<typeof versionSchema>;

/** A version that goes away by itself unless somebody confirms it. */
const trialSchema = z.strictObject({
  id: z.string(),
  /** The boot and the seconds since it: a clock that is set wrong, or set right, neither hastens nor delays the end. */
  boot: z.string(),
  endsAtUptime: z.number(),
  /** For people. */
  until: z.iso.datetime(),
  /** What the point returns to: what ran, and what a roll-back would have brought then. */
  back: z.strictObject({ running: versionSchema.nullable(), before: versionSchema.nullable() }),
});
export type Trial = z.infer<typeof trialSchema>;

export const stateSchema = z.strictObject({
  form: z.literal('wardline enforcement point 1'),
  /** What runs, on trial or confirmed; null: no table. */
  running: versionSchema.nullable(),
  /** What a roll-back brings: what ran before. */
  before: versionSchema.nullable(),
  trial: trialSchema.nullable(),
});
export type State = z.infer<typeof stateSchema>;

export const nothingYet: State = {
  form: 'wardline enforcement point 1',
  running: null,
  before: null,
  trial: null,
};
