import { z } from 'zod';
import { threatKinds, threatStandings } from '../threats.ts';
import { instant, reasonBody } from './common.ts';

const text = (most: number) => z.string().trim().max(most);
const sentence = z.string().trim().min(10).max(2000);
const day = z.iso.date();

/** What a manufacturer says of a product that it answers for. */
export const productDetailsSchema = z.object({
  vendor: text(200).min(1),
  model: text(200).min(1),
  /** A class of the taxonomy; empty while nobody has said. */
  deviceClass: text(64),
  /** What it is for, and by whom it is used where. */
  purpose: text(2000),
  /** Days within which a known weakness is patched in the regular cycle (524B(b)(2)(A)); null: nobody has said. */
  cycleDays: z.int().min(1).max(730).nullable(),
  /** Days within which a critical one is patched out of cycle (524B(b)(2)(B)). */
  criticalDays: z.int().min(1).max(365).nullable(),
  /** Why this cycle is reasonable. */
  rationale: text(2000),
  endOfSupport: day.nullable(),
});
export type ProductDetails = z.infer<typeof productDetailsSchema>;

/** How a weakness of a product stands on its clock; `no-clock`: nobody has said within how many days. */
export const fixStates = ['fixed', 'fixed-late', 'running', 'overdue', 'no-clock'] as const;
export type FixState = (typeof fixStates)[number];

export const productWeaknessSchema = z.object({
  /** As `CVE-2026-1`, or `report 7` where somebody told of it. */
  id: z.string(),
  title: z.string(),
  /** The part that has it; empty where it is the product itself. */
  component: z.string(),
  /** Used by attackers, or CVSS 9.0 and above: it is patched out of cycle. */
  critical: z.boolean(),
  /** When it was first known here. */
  learnt: instant,
  due: instant.nullable(),
  state: z.enum(fixStates),
  /** The release that answers it, and by what that is known. */
  fix: z
    .object({ version: z.string(), at: instant, by: z.enum(['advisory', 'bill of materials', 'report']) })
    .nullable(),
  plan: z
    .object({
      version: z.string(),
      day,
      owner: z.string(),
      ownerName: z.string(),
      note: z.string(),
      by: z.string(),
    })
    .nullable(),
});
export type ProductWeakness = z.infer<typeof productWeaknessSchema>;

/** What FDA's guidance calls measures: how long it takes, and how much of the field is updated. */
export const timelinessSchema = z.object({
  known: z.int(),
  inTime: z.int(),
  late: z.int(),
  running: z.int(),
  overdue: z.int(),
  withoutClock: z.int(),
  /** Open ones for which somebody has planned a release. */
  planned: z.int(),
  /** Median days from when it was known to the release that answers it; null where nothing is fixed. */
  medianDays: z.number().nullable(),
  medianCriticalDays: z.number().nullable(),
  /** Devices of the product that are seen here, and how many run the newest release. */
  devices: z.int(),
  onNewest: z.int(),
});
export type Timeliness = z.infer<typeof timelinessSchema>;

export const productStatuses = ['met', 'not-met', 'unknown'] as const;
export type ProductStatus = (typeof productStatuses)[number];

export const productWordSchema = z.object({
  id: z.string(),
  control: z.string(),
  statement: z.string(),
  owner: z.string(),
  ownerName: z.string(),
  byName: z.string(),
  document: z.string(),
  sha256: z.string(),
  since: instant,
  until: instant,
});
export type ProductWord = z.infer<typeof productWordSchema>;

/** One line of the checklist of section 524B and the premarket guidance. */
export const productItemSchema = z.object({
  /** The control of the catalogue, as `524B(b)(3)`. */
  control: z.string(),
  title: z.string(),
  group: z.string(),
  status: z.enum(productStatuses),
  basis: z.enum(['computed', 'attested', 'none']),
  reason: z.string(),
  /** Somebody vouches for it, and what is held says otherwise. */
  contradicted: z.boolean(),
  /** A person's word would count. */
  asksPerson: z.boolean(),
  word: productWordSchema.nullable(),
});
export type ProductItem = z.infer<typeof productItemSchema>;

const counts = z.object({ met: z.int(), 'not-met': z.int(), unknown: z.int() });

export const productThreatSchema = z.object({
  id: z.string(),
  kind: z.enum(threatKinds),
  title: z.string(),
  how: z.string(),
  /** The gravest on any device of the product. */
  standing: z.enum(threatStandings),
  because: z.string(),
  /** What then happens to a patient; null where it harms none. */
  severity: z.string().nullable(),
  harm: z.string().nullable(),
  /** What answers it, verified or not. */
  answers: z.array(z.object({ text: z.string(), verifiedBy: z.string().nullable() })),
  emb3d: z.array(z.string()),
  attack: z.array(z.string()),
});
export type ProductThreat = z.infer<typeof productThreatSchema>;

export const productSbomSchema = z.object({
  id: z.string(),
  software: z.string(),
  format: z.string(),
  components: z.int(),
  withVersion: z.int(),
  withIdentifier: z.int(),
  withSupplier: z.int(),
  /** Weaknesses that its parts have, and of how many that is not known. */
  affected: z.int(),
  open: z.int(),
  addedAt: instant,
});
export type ProductSbom = z.infer<typeof productSbomSchema>;

export const productReleaseSchema = z.object({
  version: z.string(),
  published: instant,
  securityVersion: z.int(),
  sbom: z.boolean(),
  provenance: z.boolean(),
  advisories: z.array(z.string()),
  withdrawn: z.boolean(),
});
export type ProductRelease = z.infer<typeof productReleaseSchema>;

export const productRowSchema = z.object({
  id: z.string(),
  revision: z.int(),
  details: productDetailsSchema,
  classLabel: z.string(),
  added: instant,
  modified: instant,
  counts,
  timeliness: timelinessSchema,
  threats: z.object({ open: z.int(), unknown: z.int(), mitigated: z.int() }),
});
export type ProductRow = z.infer<typeof productRowSchema>;
export const productListResponse = z.object({
  items: z.array(productRowSchema),
  total: z.int(),
  asOf: instant,
});
export type ProductList = z.infer<typeof productListResponse>;

/** The product security file as it stands now. */
export const productFileSchema = productRowSchema.extend({
  asOf: instant,
  threatModel: z.array(productThreatSchema),
  sboms: z.array(productSbomSchema),
  releases: z.array(productReleaseSchema),
  weaknesses: z.array(productWeaknessSchema),
  handling: z.object({
    /** Where the manufacturer takes reports of weaknesses, by its `security.txt`. */
    addresses: z.array(z.string()),
    reports: z.array(
      z.object({
        number: z.int(),
        title: z.string(),
        received: z.string(),
        closed: z.boolean(),
        overdue: z.int(),
      }),
    ),
    /** When advisories were last read; null: never. */
    advisoriesRead: instant.nullable(),
  }),
  checklist: z.array(productItemSchema),
});
export type ProductFile = z.infer<typeof productFileSchema>;

export const productAddBody = productDetailsSchema.extend(reasonBody.shape);
export const productChangeBody = productAddBody.extend({ revision: z.int() });
/** A person vouches for a line by a document, until a day within a year. */
export const productVouchBody = reasonBody.extend({
  control: text(60).min(1),
  statement: sentence,
  /** A person who is active here, as `person:…`. */
  owner: text(100).min(1),
  document: text(300).min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hexadecimal digits'),
  until: day,
});
/** Who brings the fix for a weakness, in which release, until when. */
export const productPlanBody = reasonBody.extend({
  weakness: text(100).min(1),
  version: text(100).min(1),
  day,
  owner: text(100).min(1),
  note: text(2000).default(''),
});
