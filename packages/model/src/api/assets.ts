import { z } from 'zod';
import {
  attributes,
  claimSchema,
  conclusionSchema,
  criticalities,
  dataSensitivities,
  identityDecisionSchema,
  joinSchema,
  scannedSoftwareSchema,
  serviceScanSchema,
  serviceSchema,
} from '../asset.ts';
import { endpointSchema } from '../endpoint.ts';
import { evidenceSchema } from '../evidence.ts';
import { severities } from '../finding.ts';
import { reconciliationStates } from '../register.ts';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** Filters of the asset list, of its facets and of its export; all are ANDed, values within one are ORed. */
export const assetFilterQuery = z.object({
  /** Words that each must occur in name, vendor, model, serial, class label, addresses, host names or location. */
  q: z.string().max(200).optional(),
  site: listParameter,
  class: listParameter,
  group: listParameter,
  vendor: listParameter,
  criticality: listParameter,
  dataSensitivity: listParameter,
  /** Numbers; `none`: never seen with a VLAN tag. */
  vlan: listParameter,
  application: listParameter,
  protection: listParameter,
  finding: listParameter,
  severity: listParameter,
  register: listParameter,
  /** `yes`: an attribute of its identity has several answers with support. */
  conflict: z.enum(['yes', 'no']).optional(),
});
export const assetListQuery = assetFilterQuery.extend(pagingQuery.shape);

export const assetRowSchema = z.object({
  id: z.string(),
  /** The number of its site. */
  site: z.int(),
  name: z.string(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  software: z.string().nullable(),
  os: z.string().nullable(),
  class: z.string().nullable(),
  classLabel: z.string().nullable(),
  group: z.string().nullable(),
  criticality: z.enum(criticalities),
  dataSensitivity: z.enum(dataSensitivities),
  confidence: z.number(),
  macs: z.array(z.string()),
  ips: z.array(z.string()),
  hostnames: z.array(z.string()),
  vlans: z.array(z.int()),
  location: z.string().nullable(),
  department: z.string().nullable(),
  owner: z.string().nullable(),
  register: z.enum(reconciliationStates).nullable(),
  findings: z.record(z.enum(severities), z.int()),
  services: z.int(),
  peers: z.int(),
  firstSeen: instant,
  lastSeen: instant,
});
export type AssetRow = z.infer<typeof assetRowSchema>;
export const assetListResponse = page(assetRowSchema);

export const facetsResponse = z.object({
  facets: z.array(
    z.object({
      field: z.string(),
      values: z.array(z.object({ value: z.string(), label: z.string(), count: z.int() })),
    }),
  ),
});

/** A person's word on an attribute: the approved plane. It never comes about by observation. */
export const approvalSchema = z.object({
  attribute: z.enum(attributes),
  value: z.string(),
  actor: z.string(),
  reason: z.string(),
  at: instant,
});

export const assetDetailSchema = z.object({
  asset: assetRowSchema,
  observed: z.object(
    Object.fromEntries(
      attributes.filter((a) => a !== 'hostname').map((a) => [a, conclusionSchema]),
    ) as Record<Exclude<(typeof attributes)[number], 'hostname'>, typeof conclusionSchema>,
  ),
  approved: z.array(approvalSchema),
  claims: z.array(claimSchema.extend({ firstSeen: instant, lastSeen: instant })),
  joins: z.array(joinSchema),
  endpoints: z.array(endpointSchema.extend({ firstSeen: instant, lastSeen: instant })),
  services: z.array(
    serviceSchema.extend({
      firstSeen: instant,
      lastSeen: instant,
      scan: serviceScanSchema.extend({ lastSeen: instant }).optional(),
    }),
  ),
  scannedSoftware: z.array(scannedSoftwareSchema.extend({ lastSeen: instant })),
  phi: z.array(
    z.object({
      protocol: z.string(),
      field: z.string(),
      count: z.int(),
      distinct: z.int(),
      peer: z.string().nullable(),
      peerName: z.string().nullable(),
      evidence: evidenceSchema,
    }),
  ),
  register: z.record(z.string(), z.string()).nullable(),
  decisions: z.array(
    identityDecisionSchema.extend({ actor: z.string(), at: instant, undoneAt: instant.nullable() }),
  ),
});
export type AssetDetail = z.infer<typeof assetDetailSchema>;

/** The two planes of an asset as they stood at `asOf`; `since` is when that belief began. */
export const assetAsOfQuery = z.object({ at: instant });
export const assetAsOfSchema = z.object({
  asset: z.string(),
  asOf: instant,
  observed: z.array(
    z.object({
      attribute: z.enum(attributes),
      value: z.string().nullable(),
      confidence: z.number(),
      reason: z.string(),
      since: instant,
    }),
  ),
  approved: z.array(approvalSchema),
});
export type AssetAsOf = z.infer<typeof assetAsOfSchema>;

export const approveBody = reasonBody.extend({
  attribute: z.enum(attributes),
  value: z.string().trim().min(1).max(300),
});

export const peerSchema = z.object({
  asset: z.string(),
  name: z.string(),
  class: z.string().nullable(),
  classLabel: z.string().nullable(),
  criticality: z.enum(criticalities),
  /** Seen from the asset asked for. */
  direction: z.enum(['client', 'server']),
  applications: z.array(z.string()),
  protections: z.array(z.string()),
  conversations: z.int(),
  bytes: z.number(),
  packets: z.number(),
  lastSeen: instant,
});

/** What happened to an asset, newest first: seen, identified anew, changed address, finding, decision. */
export const timelineEntrySchema = z.object({
  at: instant,
  kind: z.string(),
  title: z.string(),
  detail: z.string().nullable(),
  actor: z.string().nullable(),
  evidence: evidenceSchema.nullable(),
});

export const mergeBody = reasonBody.extend({ assets: z.array(z.string()).min(2).max(20) });
export const splitBody = reasonBody.extend({
  asset: z.string(),
  endpoints: z.array(z.string()).min(1).max(200),
});
