import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { instant, reasonBody } from './common.ts';
import { effectRowSchema, policyAssetsSchema, policyModes } from './segmentation.ts';

/** What an enforcement point is made of. */
export const pointKinds = ['nftables', 'haproxy', 'freeradius'] as const;

/** `same`: the point runs what was proved. `changed`: somebody changed it. `missing`, `none`: nothing of ours runs there. */
export const kernelStates = ['same', 'changed', 'missing', 'none', 'foreign'] as const;

/**
 * What has drifted apart. `silent`: the point does not report. `unapplied`: it runs no policy. `outdated`: it runs another
 * than the one in force. `changed`: it runs what nobody proved. `differs`: what it runs is not what the policy says of the assets
 * as they are now. `bypassed`: traffic that it has to stop was answered all the same.
 */
export const driftKinds = ['silent', 'unapplied', 'outdated', 'changed', 'differs', 'bypassed'] as const;
export const driftSchema = z.object({
  kind: z.enum(driftKinds),
  /** One sentence for a person. */
  message: z.string(),
  /** Packets and conversations that show it, in sentences. */
  evidence: z.array(z.string()),
  /** Packets on which policy and point differ, with the line of the point's own text that decides; null: its default. */
  packets: z.array(
    z.object({
      packet: z.string(),
      kind: z.enum(['leak', 'cut']),
      line: z.int().nullable(),
      text: z.string(),
      declarations: z.array(z.string()),
      breaksMust: z.boolean(),
    }),
  ),
  /** Recorded conversations that show it. */
  conversations: z.array(effectRowSchema),
  /** Devices that the packets and conversations are of; each has a finding until the point is read back equal. */
  assets: z.array(z.object({ id: z.string(), name: z.string(), criticality: z.enum(criticalities) })),
});
export type Drift = z.infer<typeof driftSchema>;

const countedSchema = z.object({
  declaration: z.string().max(200),
  declared: z.int().min(0),
  observed: z.int().min(0),
  alerted: z.int().min(0),
  dropped: z.int().min(0),
});

/** How far one declaration is taken by a point, with what it counted since it was applied; null: it counts nothing of it. */
const stageSchema = z.object({
  declaration: z.string(),
  title: z.string().nullable(),
  mode: z.enum(policyModes),
  counted: countedSchema.nullable(),
});

/** What a person has a point do. `apply` puts the version in force there on trial; `confirm` keeps it; `go-back` brings what ran before. */
export const orderActs = ['apply', 'confirm', 'go-back'] as const;
export type OrderAct = (typeof orderActs)[number];
/** `waiting`: the point has not taken it. `expired`: nobody took it in time, and nobody will. */
export const orderStates = ['waiting', 'taken', 'done', 'failed', 'withdrawn', 'expired'] as const;
export const pointOrderSchema = z.object({
  id: z.string(),
  act: z.enum(orderActs),
  version: z.int().nullable(),
  trialSeconds: z.int().nullable(),
  state: z.enum(orderStates),
  ordered: instant,
  orderedBy: z.string(),
  /** When it was done, failed, withdrawn or given up. */
  ended: instant.nullable(),
  /** What the point said of it. */
  said: z.string(),
});
export type PointOrder = z.infer<typeof pointOrderSchema>;

export const enforcementPointSchema = z.object({
  id: z.string(),
  name: z.string(),
  place: z.string(),
  kind: z.enum(pointKinds),
  /** Whether it said that it takes orders from here. */
  obeys: z.boolean(),
  added: instant,
  reported: instant.nullable(),
  kernel: z.enum(kernelStates).nullable(),
  policyName: z.string().nullable(),
  /** The version of the platform whose text the point runs; null where it runs none of them. */
  version: z.int().nullable(),
  applied: instant.nullable(),
  trialUntil: instant.nullable(),
  counted: z.array(countedSchema),
  drift: z.array(driftSchema),
  /** What a way back brings there: the policy's name; null where nothing of ours ran before. Not known of a point that never said. */
  back: z.object({ policyName: z.string().nullable(), version: z.int().nullable() }).nullable(),
  /** By the version that it runs; empty where it runs none of this platform. */
  stages: z.array(stageSchema),
  /** What waits for it, or is being done there. */
  order: pointOrderSchema.nullable(),
});
export type EnforcementPoint = z.infer<typeof enforcementPointSchema>;

export const enforcementResponse = z.object({
  asOf: instant,
  /** The version in force. */
  current: z.int().nullable(),
  points: z.array(enforcementPointSchema),
});
export type Enforcement = z.infer<typeof enforcementResponse>;

const pointName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'small letters, digits, dots and hyphens');
export const pointAddBody = reasonBody.extend({
  name: pointName,
  place: z.string().trim().max(200).default(''),
  kind: z.enum(pointKinds).default('nftables'),
});
export const pointMadeResponse = z.object({ id: z.string() });

/** What an enforcement point says of itself; the platform proves what it says that it runs. */
export const pointReportBody = z.object({
  kernel: z.enum(kernelStates),
  policyName: z.string().max(500).nullable(),
  /** SHA-256 of the policy's text. */
  policyDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  applied: instant.nullable(),
  trialUntil: instant.nullable(),
  /** What the kernel says that it runs, in its own words. */
  listing: z.string().max(8_000_000).nullable(),
  counted: z.array(countedSchema).max(10_000),
  /** Whether it carries out orders. */
  obeys: z.boolean().default(false),
  /** What a way back would bring; null where it does not say. `listing` null: no table. */
  back: z
    .object({
      policyName: z.string().max(500).nullable(),
      policyDigest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable(),
      listing: z.string().max(4_000_000).nullable(),
    })
    .nullable()
    .default(null),
});
export type PointReport = z.infer<typeof pointReportBody>;
export const pointReportedResponse = z.object({
  /** The version in force; null where there is none to hold the point against. */
  current: z.int().nullable(),
  drift: z.array(driftSchema),
  /** What a person has it do; null: nothing. */
  order: pointOrderSchema.nullable(),
});
export type PointReported = z.infer<typeof pointReportedResponse>;

export const pointDetailResponse = enforcementPointSchema.extend({
  asOf: instant,
  /** The version in force. */
  current: z.int().nullable(),
  /** The last of them first. */
  orders: z.array(pointOrderSchema),
});
export type PointDetail = z.infer<typeof pointDetailResponse>;

/** What an act would do at a point to the conversations of the last thirty days. */
export const pointPreviewQuery = z.object({ act: z.enum(['apply', 'go-back']) });
export const pointPreviewResponse = z.object({
  asOf: instant,
  act: z.enum(['apply', 'go-back']),
  version: z.int().nullable(),
  /** Conversations that were heard. */
  heard: z.int(),
  /** They pass there now and would be cut; the worst first, `ends` counts all. */
  ends: z.int(),
  endsLifeCritical: z.int(),
  endRows: z.array(effectRowSchema),
  opens: z.int(),
  openRows: z.array(effectRowSchema),
  /** They pass before and after. */
  keeps: z.int(),
  keepsLifeCritical: z.int(),
  /** Of life-critical devices, with the declaration that keeps them going. */
  keepRows: z.array(effectRowSchema),
});
export type PointPreview = z.infer<typeof pointPreviewResponse>;

export const pointOrderBody = reasonBody.extend({
  act: z.enum(orderActs),
  /** What ran before comes back unless somebody confirms in time. */
  trialSeconds: z.int().min(10).max(86_400).default(120),
  /** How many recorded conversations of life-critical devices it may cut, as whoever orders saw it. */
  cutLifeCritical: z.int().min(0).default(0),
});

/** What a point applies: a version's text, and the assets that it is worked out over. */
export const pointGroundResponse = policyAssetsSchema.extend({
  version: z.int(),
  text: z.string(),
  /** Which state of the devices it is: another one is to be taken, the same one is not. Null: not worked out yet. */
  revision: z.string().nullable(),
  /** Hardware addresses, for admission. */
  macs: z.record(z.string(), z.array(z.string())),
});
export type PointGround = z.infer<typeof pointGroundResponse>;
export const orderOutcomeBody = z.object({ done: z.boolean(), said: z.string().max(2000) });

/** Whether something waits for a point; asked often, so it is little. */
export const pointNewsResponse = z.object({
  waiting: z.boolean(),
  /** The state of the devices that points are to have; null: not worked out yet. */
  revision: z.string().nullable(),
});

const attributeChange = z.object({
  attribute: z.string(),
  was: z.array(z.string()).readonly(),
  is: z.array(z.string()).readonly(),
});
/** A life-critical device that would leave a zone by what is known of it now, and stays until a person decides. */
export const holdRowSchema = z.object({
  asset: z.string(),
  name: z.string(),
  criticality: z.enum(criticalities),
  from: z.array(z.string()),
  to: z.array(z.string()),
  because: z.array(attributeChange),
  since: instant,
  /** Somebody said that it stays. */
  kept: z.boolean(),
});
export type HoldRow = z.infer<typeof holdRowSchema>;
export const holdListResponse = z.object({ asOf: instant, items: z.array(holdRowSchema) });
export const holdPreviewResponse = pointPreviewResponse.omit({ act: true, version: true });
export type HoldPreview = z.infer<typeof holdPreviewResponse>;
export const holdDecisionBody = reasonBody.extend({ follow: z.boolean() });
