import { attributes, strengths } from '@wardline/model';
import { z } from 'zod';
import { patternFault } from './regex-safety.ts';

const pattern = z.string().superRefine((text, context) => {
  const fault = patternFault(text);
  if (fault !== null) context.addIssue({ code: 'custom', message: fault });
});

/** What one fact must be like. Exactly one of the four is given; all compare without case. */
const conditionSchema = z
  .strictObject({
    fact: z.string().regex(/^[A-Za-z0-9]+$/),
    equals: z.union([z.string(), z.array(z.string())]).optional(),
    /** The text occurs in it. */
    contains: z.string().min(2).optional(),
    matches: pattern.optional(),
    /** The object identifier is this one or below it. */
    oid: z
      .string()
      .regex(/^\d+(\.\d+)+$/)
      .optional(),
  })
  .refine((c) => [c.equals, c.contains, c.matches, c.oid].filter((x) => x !== undefined).length === 1, {
    message: 'exactly one of equals, contains, matches, oid',
  });
export type Condition = z.infer<typeof conditionSchema>;

const clauseSchema = z.strictObject({
  attribute: z.enum(attributes),
  /** The value; `$1` to `$9` stand for what the pattern's groups caught, `$0` for the whole fact. */
  value: z.string().min(1).max(120),
  /** Where it differs from the rule's. */
  strength: z.enum(strengths).optional(),
});

export const fingerprintRuleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  when: conditionSchema,
  /** Further facts of the same sighting that must hold. */
  also: z.array(conditionSchema).max(3).optional(),
  claims: z.array(clauseSchema).min(1),
  strength: z.enum(strengths),
  /** Texts that the rule must match; with what it must say of them. A test tries all. */
  examples: z
    .array(
      z.strictObject({
        text: z.string(),
        expect: z.partialRecord(z.enum(attributes), z.string()).optional(),
      }),
    )
    .min(1),
});
export type FingerprintRule = z.infer<typeof fingerprintRuleSchema>;

export const fingerprintFileSchema = z.strictObject({
  source: z.string().min(3),
  licence: z.string().min(2),
  /** The kind of sighting the rules look at. */
  kind: z.string().regex(/^[a-z0-9]+\.[a-z]+$/),
  /** Claims of all these rules rest on the same ground and count once, together with those of other files of the group. */
  group: z.string().regex(/^[a-z0-9-]+$/),
  /** True where only the first rule that matches counts, false where all count. */
  firstMatch: z.boolean(),
  /** Where true, the rules only look at the side that offers the service (`role` is `server`). */
  serverOnly: z.boolean().optional(),
  rules: z.array(fingerprintRuleSchema),
});
export type FingerprintFile = z.infer<typeof fingerprintFileSchema>;
