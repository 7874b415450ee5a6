import { z } from 'zod';

/** What a report is about. */
export const reportKinds = [
  'risk-analysis',
  'device-file',
  'segmentation',
  'incident',
  'supplier',
  'product-file',
] as const;
export type ReportKind = (typeof reportKinds)[number];

const words = z.string().max(20_000);
const cell = z.string().max(4000);

export const reportBlockSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('text'),
    tone: z.enum(['lead', 'plain', 'soft', 'warning']),
    text: words,
  }),
  z.strictObject({ kind: z.literal('list'), items: z.array(words).max(5000) }),
  z.strictObject({ kind: z.literal('pairs'), rows: z.array(z.tuple([cell, cell])).max(500) }),
  z.strictObject({
    kind: z.literal('table'),
    columns: z
      .array(z.strictObject({ label: cell, numeric: z.boolean() }))
      .min(1)
      .max(12),
    rows: z.array(z.array(cell)).max(5000),
    /** How many there are beside those that are shown. */
    more: z.int().min(0),
  }),
  /** Counts as bars; each says its number too. */
  z.strictObject({
    kind: z.literal('bars'),
    label: cell,
    rows: z.array(z.strictObject({ label: cell, count: z.int().min(0) })).max(50),
  }),
]);
export type ReportBlock = z.infer<typeof reportBlockSchema>;

/** A report as it was made: what a reader sees of it but the proof, which follows from where the ledger holds it. */
export const reportDocumentSchema = z.strictObject({
  kind: z.enum(reportKinds),
  title: cell,
  /** Whom it is about, in words. */
  subject: cell,
  /** Microseconds since the epoch. */
  at: z.int(),
  sections: z
    .array(z.strictObject({ title: cell, newPage: z.boolean(), blocks: z.array(reportBlockSchema).max(200) }))
    .max(100),
});
export type ReportDocument = z.infer<typeof reportDocumentSchema>;

export const reportExportForm = 'wardline-report-1';
/** A report with what shows an outsider that it was made then, and is the same. */
export const reportExportSchema = z.strictObject({
  form: z.literal(reportExportForm),
  hospital: z.string().max(300),
  number: z.int().min(1),
  document: reportDocumentSchema,
  /** SHA-256 of the document's text with its keys in order, in hexadecimal digits. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  ledger: z.strictObject({
    entry: z.string().max(1_000_000),
    sequence: z.int(),
    path: z.array(z.string().max(64)).max(64),
    checkpoint: z.string().max(100_000),
  }),
});
export type ReportExport = z.infer<typeof reportExportSchema>;
