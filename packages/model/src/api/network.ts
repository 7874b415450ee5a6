import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { conversationSchema } from '../conversation.ts';
import { findingSchema } from '../finding.ts';
import { instant, listParameter, page, pagingQuery } from './common.ts';

export const conversationFilterQuery = z.object({
  q: z.string().max(200).optional(),
  asset: z.string().max(64).optional(),
  peer: z.string().max(64).optional(),
  application: listParameter,
  protection: listParameter,
  transport: listParameter,
  vlan: listParameter,
  port: listParameter,
  from: instant.optional(),
  to: instant.optional(),
});
export const conversationListQuery = conversationFilterQuery.extend(pagingQuery.shape);

const sideSchema = z.object({
  asset: z.string().nullable(),
  name: z.string(),
  classLabel: z.string().nullable(),
  criticality: z.enum(criticalities),
  ip: z.string().nullable(),
  mac: z.string().nullable(),
  vlan: z.int().nullable(),
});

/** All time slices of one client, server and service within the filter, added up. */
export const conversationRowSchema = conversationSchema
  .omit({ slice: true, client: true, server: true, transport: true })
  .extend({
    id: z.string(),
    transport: z.string(),
    client: sideSchema,
    server: sideSchema,
    firstSeen: instant,
    lastSeen: instant,
  });
export type ConversationRow = z.infer<typeof conversationRowSchema>;
export const conversationListResponse = page(conversationRowSchema);

/** `nodes` are assets, or groups of them where there are more than `limit`; `edges` are conversations added up. */
export const mapResponse = z.object({
  asOf: instant,
  groupedBy: z.enum(['vlan', 'function', 'criticality']),
  nodes: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      class: z.string().nullable(),
      classLabel: z.string().nullable(),
      group: z.string(),
      groupLabel: z.string(),
      criticality: z.enum(criticalities),
      assets: z.int(),
      findings: z.int(),
      /** Beyond what whoever asks may look at: shown for its relations, and nothing else is told of it. */
      outside: z.boolean(),
    }),
  ),
  edges: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      applications: z.array(z.string()),
      protections: z.array(z.string()),
      conversations: z.int(),
      bytes: z.number(),
    }),
  ),
  /** True where assets were folded into groups to stay readable. */
  folded: z.boolean(),
});

export const findingRowSchema = findingSchema.extend({
  assetName: z.string(),
  assetClassLabel: z.string().nullable(),
  assetCriticality: z.enum(criticalities),
  peerName: z.string().nullable(),
  firstSeen: instant,
  lastSeen: instant,
});
export const findingListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  asset: z.string().max(64).optional(),
  rule: listParameter,
  severity: listParameter,
  harm: listParameter,
});
export const findingListResponse = page(findingRowSchema);
