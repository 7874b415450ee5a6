import { z } from 'zod';
import { instant, page, pagingQuery, reasonBody } from './common.ts';

const text = (most: number) => z.string().trim().max(most);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a day as 2026-12-31');

/** By which way a supplier's service gets in. */
export const channelKinds = ['vpn', 'vendor-gateway', 'remote-desktop', 'modem', 'on-site', 'other'] as const;
/** What an agreement is: with a business associate (45 CFR 164.504(e)), on service, or another. */
export const agreementKinds = ['baa', 'service', 'other'] as const;

export const supplierDetailsSchema = z.object({
  name: text(200).min(1),
  /** Whether it creates, receives, keeps or sends patients' data for the hospital (45 CFR 160.103). */
  handlesPatientData: z.enum(['yes', 'no', 'unknown']),
  contacts: z
    .array(z.object({ name: text(200).min(1), role: text(100), email: text(200), phone: text(60) }))
    .max(50),
  channels: z
    .array(
      z.object({
        name: text(200).min(1),
        kind: z.enum(channelKinds),
        /** Addresses that it comes from, as the supplier says. */
        from: text(300),
        /** What contains it: a conduit of the policy, a ticket; empty where nothing does. */
        containedBy: text(300),
      }),
    )
    .max(50),
  agreements: z
    .array(
      z.object({
        kind: z.enum(agreementKinds),
        title: text(200).min(1),
        /** Who answers for what, in a sentence each. */
        responsibilities: z.array(text(500).min(1)).max(30),
        signed: day.nullable(),
        /** Null: it has no end. */
        expires: day.nullable(),
        /** Where the document lies. */
        document: text(500),
      }),
    )
    .max(50),
  products: z
    .array(z.object({ model: text(200).min(1), endOfSupport: day.nullable(), source: text(300) }))
    .max(500),
  notes: text(4000),
});
export type SupplierDetails = z.infer<typeof supplierDetailsSchema>;

export const supplierAddBody = supplierDetailsSchema.extend(reasonBody.shape);
export const supplierChangeBody = supplierDetailsSchema
  .extend(reasonBody.shape)
  .extend({ revision: z.int() });
export const securityTxtBody = reasonBody.extend({ text: z.string().max(100_000) });

export const disclosureSchema = z.object({
  contacts: z.array(z.string()),
  expires: z.string().nullable(),
  policy: z.array(z.string()),
  csaf: z.array(z.string()),
  faults: z.array(z.object({ line: z.int(), message: z.string() })),
  readAt: instant,
});

/** What runs out or is missing, with how urgent it is. */
export const reminderSchema = z.object({
  supplier: z.string(),
  supplierName: z.string(),
  kind: z.enum(['agreement', 'no-agreement', 'support', 'disclosure', 'channel']),
  state: z.enum(['overdue', 'soon', 'missing']),
  /** The day on which it runs out or ran out. */
  day: day.nullable(),
  text: z.string(),
});
export type Reminder = z.infer<typeof reminderSchema>;

export const supplierSchema = z.object({
  id: z.string(),
  revision: z.int(),
  details: supplierDetailsSchema,
  disclosure: disclosureSchema.nullable(),
  reminders: z.array(reminderSchema),
  added: instant,
  modified: instant,
});
export type Supplier = z.infer<typeof supplierSchema>;
export const supplierListResponse = z.object({
  items: z.array(supplierSchema),
  reminders: z.array(reminderSchema),
  total: z.int(),
});

export type SupplierList = z.infer<typeof supplierListResponse>;

const mds2Values = ['yes', 'no', 'not-applicable', 'see-note', 'text', 'blank', 'unclear'] as const;
export const mds2AnswerSchema = z.object({
  id: z.string(),
  section: z.string(),
  about: z.string(),
  value: z.enum(mds2Values),
  text: z.string(),
  note: z.string().nullable(),
  place: z.string(),
});
export const mds2RowSchema = z.object({
  id: z.string(),
  vendor: z.string(),
  model: z.string(),
  edition: z.enum(['2019', '2013']),
  /** The file's name. */
  name: z.string(),
  released: z.string().nullable(),
  answered: z.int(),
  /** Questions that are missing, blank or unclear. */
  open: z.int(),
  warnings: z.int(),
  /** Assets of the product. */
  assets: z.int(),
  addedAt: instant,
  addedBy: z.string(),
  replacedAt: instant.nullable(),
});
export type Mds2Row = z.infer<typeof mds2RowSchema>;
export const mds2ListQuery = pagingQuery.extend({ q: z.string().max(200).optional() });
export const mds2ListResponse = page(mds2RowSchema);
export type Mds2List = z.infer<typeof mds2ListResponse>;
export const mds2DetailResponse = z.object({
  form: mds2RowSchema,
  answers: z.array(mds2AnswerSchema),
  missing: z.array(z.string()),
  warnings: z.array(z.object({ place: z.string(), message: z.string() })),
  /** Ports that the form lists, from which a policy may start. */
  ports: z.array(z.object({ transport: z.enum(['tcp', 'udp']).nullable(), port: z.int() })),
  /** Open findings in which what was seen contradicts this form. */
  contradictions: z.array(
    z.object({ finding: z.string(), asset: z.string(), assetName: z.string(), summary: z.string() }),
  ),
});
export type Mds2Detail = z.infer<typeof mds2DetailResponse>;
export const mds2AddBody = reasonBody.extend({
  name: text(300).min(1),
  /** The file, in base64. */
  content: z.string().min(1),
  vendor: text(200).optional(),
  model: text(200).optional(),
});
export const mds2AddResponse = z.object({
  outcome: z.enum(['added', 'unchanged', 'refused']),
  id: z.string().nullable(),
  /** Why it was refused, and where. */
  fault: z.object({ place: z.string(), message: z.string() }).nullable(),
  warnings: z.int(),
});
export type Mds2Added = z.infer<typeof mds2AddResponse>;
