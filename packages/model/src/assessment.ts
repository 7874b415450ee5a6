import { z } from 'zod';
import {
  attributes,
  claimSchema,
  conclusionSchema,
  criticalities,
  dataSensitivities,
  joinSchema,
} from './asset.ts';
import { directionBases, protections } from './conversation.ts';
import { endpointSchema } from './endpoint.ts';
import { evidenceSchema } from './evidence.ts';
import { findingSchema } from './finding.ts';
import { reconciliationSchema, registerIssueSchema } from './register.ts';

/** RFC 3339, UTC, microseconds. */
const instant = z.string();
const text = z.string().nullable();

const assessedServiceSchema = z.object({
  transport: z.string(),
  port: z.int().nullable(),
  application: text,
  protection: z.enum(protections),
  banner: text,
  clients: z.int(),
  firstSeen: instant,
  lastSeen: instant,
  evidence: evidenceSchema,
});

const assessedClaimSchema = claimSchema.extend({ firstSeen: instant, lastSeen: instant });

export const assessedAssetSchema = z.object({
  id: z.string(),
  name: z.string(),
  vendor: text,
  family: text,
  model: text,
  serial: text,
  software: text,
  os: text,
  class: text,
  criticality: z.enum(criticalities),
  dataSensitivity: z.enum(dataSensitivities),
  /** Of the class, 0 to 1. */
  confidence: z.number(),
  macs: z.array(z.string()),
  ips: z.array(z.string()),
  hostnames: z.array(z.string()),
  vlans: z.array(z.int()),
  services: z.array(assessedServiceSchema),
  /** What is believed of each attribute, how firmly and why, with what contradicts it. */
  conclusions: z.partialRecord(z.enum(attributes), conclusionSchema),
  claims: z.array(assessedClaimSchema),
  joins: z.array(joinSchema),
  endpoints: z.array(endpointSchema),
  firstSeen: instant,
  lastSeen: instant,
});

export const assessedConversationSchema = z.object({
  client: z.object({ asset: text, ip: text, mac: text, vlan: z.int().nullable() }),
  server: z.object({ asset: text, ip: text, mac: text, vlan: z.int().nullable() }),
  serverPort: z.int().nullable(),
  transport: z.string(),
  application: text,
  protection: z.enum(protections),
  basis: z.enum(directionBases),
  packetsFromClient: z.int(),
  packetsFromServer: z.int(),
  bytesFromClient: z.int(),
  bytesFromServer: z.int(),
  connections: z.record(z.string(), z.int()),
  firstSeen: instant,
  lastSeen: instant,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  evidence: evidenceSchema,
});

/** Where an input is damaged: `record` counts from 1, `offset` is in bytes of the uncompressed file; null: unknown. */
export const inputErrorSchema = z.object({
  file: z.string(),
  record: z.int().nullable(),
  offset: z.int().nullable(),
  message: z.string(),
});
export type InputError = z.infer<typeof inputErrorSchema>;

/** What `wardline assess --json` prints: one object. */
export const assessmentSchema = z.object({
  version: z.literal(1),
  generator: z.string(),
  captures: z.array(
    z.object({
      file: z.string(),
      format: z.string(),
      packets: z.int(),
      bytes: z.int(),
      firstSeen: text,
      lastSeen: text,
    }),
  ),
  assets: z.array(assessedAssetSchema),
  conversations: z.array(assessedConversationSchema),
  findings: z.array(findingSchema.extend({ firstSeen: instant, lastSeen: instant })),
  reconciliation: z.array(reconciliationSchema).nullable(),
  registerIssues: z.array(registerIssueSchema),
  errors: z.array(inputErrorSchema),
  statistics: z.object({
    packets: z.int(),
    bytes: z.int(),
    conversations: z.int(),
    sightings: z.int(),
    dropped: z.record(z.string(), z.int()),
    evicted: z.record(z.string(), z.int()),
    seconds: z.number(),
  }),
});
export type Assessment = z.infer<typeof assessmentSchema>;
