import { z } from 'zod';
import { severities } from '../finding.ts';
import { instant, reasonBody } from './common.ts';

/** Where a rule's text is wrong; lines and columns count from 1. */
export const ruleFaultSchema = z.object({
  message: z.string(),
  line: z.int(),
  column: z.int(),
  length: z.int(),
});
export type RuleFault = z.infer<typeof ruleFaultSchema>;

const site = z.int().min(1).max(1_000_000);
/** A rule for conversations has 4,000 characters at the most, one of Sigma 16,000. */
const text = z.string().min(1).max(16_000);
const days = z.int().min(1).max(31);

/** What a rule would have told of conversations that were recorded. */
export const ruleTrialSchema = z.object({
  from: instant,
  until: instant,
  /** Conversations (by their slices of time) that it was held against. */
  conversations: z.int(),
  /** Lines of logs, and facts of protocols, where it is a rule of Sigma. */
  lines: z.int(),
  /** True where there were more than are looked at. */
  cut: z.boolean(),
  alerts: z.int(),
  /** The first of them. */
  shown: z.array(z.object({ summary: z.string(), firstSeen: instant, lastSeen: instant, count: z.int() })),
});
export type RuleTrialResult = z.infer<typeof ruleTrialSchema>;

export const ruleSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Null for every site. */
  site: z.int().nullable(),
  text: z.string(),
  title: z.string(),
  severity: z.enum(severities),
  enabled: z.boolean(),
  changed: instant,
  changedBy: z.string(),
  /** What it would have told when it was switched on; null where it never was. */
  trial: z
    .object({
      days: z.int(),
      conversations: z.int(),
      lines: z.int().optional(),
      alerts: z.int(),
      at: instant,
    })
    .nullable(),
  /** Alerts that it has told, as far as they are kept. */
  told: z.int(),
});
export type WatchRule = z.infer<typeof ruleSchema>;
export const ruleListResponse = z.object({ asOf: instant, items: z.array(ruleSchema) });
export type WatchRuleList = z.infer<typeof ruleListResponse>;

export const ruleTryBody = z.object({ text, site: site.default(1), days: days.default(7) });
/** Either what is wrong with the text, or what it would have told. */
export const ruleTryResponse = z.object({
  faults: z.array(ruleFaultSchema),
  trial: ruleTrialSchema.nullable(),
});
export type RuleTried = z.infer<typeof ruleTryResponse>;

export const ruleBody = reasonBody.extend({
  name: z
    .string()
    .trim()
    .max(60)
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected small letters, digits and hyphens'),
  site: site.nullable().default(null),
  text,
});
export type RuleBody = z.infer<typeof ruleBody>;
export const ruleMadeResponse = z.object({ id: z.string() });
export const ruleEnableBody = reasonBody.extend({
  days: days.default(7),
  /** Switch it on though it would have told more than a person can look at. */
  anyway: z.boolean().default(false),
});
