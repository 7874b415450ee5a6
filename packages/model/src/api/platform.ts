import { z } from 'zod';
import { inputErrorSchema } from '../assessment.ts';
import { harms, severities } from '../finding.ts';
import {
  reconciliationSchema,
  reconciliationStates,
  registerEntrySchema,
  registerFields,
  registerIssueSchema,
} from '../register.ts';
import { grantSchema } from './access.ts';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** The first screen: what was found, what is strange, what to do next (at most ten, most urgent first). */
export const overviewResponse = z.object({
  asOf: instant,
  hospital: z.string(),
  sample: z.boolean(),
  /** Where whoever asks may look, and what every number counts; null is everywhere. */
  within: z.array(grantSchema.pick({ sites: true, zones: true })).nullable(),
  observed: z.object({
    from: instant.nullable(),
    to: instant.nullable(),
    packets: z.number(),
    bytes: z.number(),
    captures: z.int(),
  }),
  assets: z.object({
    total: z.int(),
    byGroup: z.array(z.object({ group: z.string(), label: z.string(), count: z.int() })),
    byCriticality: z.record(z.string(), z.int()),
    bySensitivity: z.record(z.string(), z.int()),
    byVlan: z.array(z.object({ vlan: z.int().nullable(), count: z.int() })),
    unidentified: z.int(),
    conflicting: z.int(),
  }),
  conversations: z.object({
    total: z.int(),
    byProtection: z.record(z.string(), z.int()),
    byApplication: z.array(z.object({ application: z.string(), count: z.int(), bytes: z.number() })),
  }),
  findings: z.record(z.enum(severities), z.int()),
  register: z.object({
    entries: z.int(),
    matched: z.int(),
    shadow: z.int(),
    missing: z.int(),
    conflicting: z.int(),
  }),
  losses: z.record(z.string(), z.int()),
  todo: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** Why, and whose care it touches, in one or two sentences. */
      why: z.string(),
      severity: z.enum(severities),
      harms: z.array(z.enum(harms)),
      assets: z.int(),
      /** A console address that shows exactly these. */
      link: z.string(),
      action: z.string(),
    }),
  ),
});
export type Overview = z.infer<typeof overviewResponse>;

export const importStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export const importSchema = z.object({
  id: z.string(),
  site: z.int(),
  file: z.string(),
  state: z.enum(importStates),
  /** What it does now, in words. */
  step: z.string(),
  bytesTotal: z.number().nullable(),
  bytesRead: z.number(),
  packets: z.number(),
  conversations: z.number(),
  sightings: z.number(),
  /** Assets that this capture showed, known before or not; counted when the import ends. */
  assetsFound: z.int(),
  /** In the answer to an upload: true where this capture was handed in before, and nothing is counted again. */
  repeated: z.boolean().optional(),
  dropped: z.record(z.string(), z.int()),
  evicted: z.record(z.string(), z.int()),
  errors: z.array(inputErrorSchema),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
export type ImportJob = z.infer<typeof importSchema>;

export const registerPreviewBody = z.object({
  csv: z.string().max(20_000_000),
  /** CSV column → register field; columns left out are ignored. Absent: guessed from the headings. */
  mapping: z.record(z.string(), z.enum(registerFields)).optional(),
});
export const registerPreviewResponse = z.object({
  columns: z.array(z.string()),
  mapping: z.record(z.string(), z.enum(registerFields)),
  delimiter: z.string(),
  rows: z.int(),
  entries: z.array(registerEntrySchema),
  issues: z.array(registerIssueSchema),
  /** What importing would do to the register as it stands. */
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  removed: z.int(),
});
export const registerImportBody = registerPreviewBody.extend({
  reason: reasonBody.shape.reason,
  /** `replace` also withdraws entries that the file no longer has. */
  mode: z.enum(['merge', 'replace']).default('merge'),
});

export const reconciliationDecisions = [
  'accept-asset',
  'confirm-missing',
  'retired',
  'register-wrong',
  'network-wrong',
  'investigate',
  'ignore',
] as const;
export const reconciliationRowSchema = reconciliationSchema.extend({
  assetName: z.string().nullable(),
  registered: z.string().nullable(),
  decision: z
    .object({ decision: z.enum(reconciliationDecisions), actor: z.string(), reason: z.string(), at: instant })
    .nullable(),
});
export const reconciliationQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  state: listParameter,
  decided: z.enum(['yes', 'no']).optional(),
});
export const reconciliationResponse = page(reconciliationRowSchema).extend({
  counts: z.record(z.enum(reconciliationStates), z.int()),
});
export const reconciliationDecisionBody = reasonBody.extend({ decision: z.enum(reconciliationDecisions) });

/** One act that changed state. */
/** What moves, over server-sent events: the event's name says which list to ask again. */
export const eventNames = [
  'assets',
  'conversations',
  'findings',
  'firmware',
  'imports',
  'register',
  'ledger',
  'secrets',
  'access',
  'vulnerabilities',
  'keys',
  'segmentation',
  'backups',
  'risks',
  'compliance',
  'suppliers',
  'incidents',
  'trust',
  'watch',
  'usage',
] as const;

export const taxonomyResponse = z.object({
  groups: z.array(z.object({ id: z.string(), label: z.string() })),
  classes: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      group: z.string(),
      criticality: z.string(),
      description: z.string(),
    }),
  ),
});

/** For whom a backup is encrypted: a public key of age, or a passphrase. */
export const backupBody = z.object({
  recipient: z.string().max(200).nullable().default(null),
  passphrase: z.string().min(16).max(1000).nullable().default(null),
  reason: z.string().trim().min(3).max(500),
});
