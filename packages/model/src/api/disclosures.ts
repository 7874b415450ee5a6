import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** What follows a report, in this order (ISO/IEC 29147 §7, ISO/IEC 30111 §7). */
export const disclosureSteps = ['acknowledge', 'assess', 'hand-over', 'fix', 'publish'] as const;
export type DisclosureStep = (typeof disclosureSteps)[number];
/** What came out when a report was assessed. */
export const disclosureOutcomes = ['valid', 'not-valid', 'known-already'] as const;

const text = (most: number) => z.string().trim().max(most);

export const disclosureDetailsSchema = z.object({
  title: text(200).min(1),
  /** Whose product it is about; empty where it is about the hospital's own network. */
  vendor: text(200),
  model: text(200),
  /** What was reported. No data of patients. */
  description: text(8000).min(1),
});
export type DisclosureDetails = z.infer<typeof disclosureDetailsSchema>;

/** Who has told it; only those who handle reports see it, and it never goes into the ledger. */
export const reporterSchema = z.object({
  name: text(200),
  contact: text(300).min(1),
  /** Whether the supplier may be told who has reported it. */
  mayBeNamed: z.boolean(),
});

/** How a clock stands. `not-needed`: the report was not valid, or there is nobody to hand it to. */
export const clockStates = ['done', 'done-late', 'running', 'overdue', 'not-needed'] as const;
export const clockSchema = z.object({
  step: z.enum(disclosureSteps),
  state: z.enum(clockStates),
  /** The day by which it has to be done. */
  due: z.string(),
  /** The day on which it was. */
  day: z.string().nullable(),
  note: z.string(),
  outcome: z.enum(disclosureOutcomes).nullable(),
  supplierName: z.string().nullable(),
  address: z.string().nullable(),
  actor: z.string().nullable(),
});
export type DisclosureClock = z.infer<typeof clockSchema>;

export const disclosureRowSchema = z.object({
  number: z.int(),
  received: z.string(),
  details: disclosureDetailsSchema,
  clocks: z.array(clockSchema),
  /** Nothing is left to do. */
  closed: z.boolean(),
  added: instant,
  addedBy: z.string(),
});
export type Disclosure = z.infer<typeof disclosureRowSchema>;
export const disclosureListResponse = z.object({
  items: z.array(disclosureRowSchema),
  total: z.int(),
  overdue: z.int(),
});
export type DisclosureList = z.infer<typeof disclosureListResponse>;

export const disclosureDetailResponse = disclosureRowSchema.extend({
  reporter: reporterSchema.nullable(),
  /** Where it can be handed over to, by the suppliers' `security.txt`. */
  addresses: z.array(
    z.object({ supplier: z.string(), supplierName: z.string(), address: z.string(), expired: z.boolean() }),
  ),
  /** What can be sent there; nothing is sent by itself. */
  letter: z.string(),
});
export type DisclosureDetail = z.infer<typeof disclosureDetailResponse>;

export const disclosureAddBody = reasonBody.extend({
  received: z.iso.date(),
  details: disclosureDetailsSchema,
  /** Null: it came without a name. */
  reporter: reporterSchema.nullable(),
});
export const disclosureStepBody = reasonBody.extend({
  day: z.iso.date(),
  note: text(2000).default(''),
  /** Needed to assess. */
  outcome: z.enum(disclosureOutcomes).optional(),
  /** Needed to hand over: to whom, by which of its addresses. */
  supplier: z.uuid().optional(),
  address: text(500).optional(),
});
