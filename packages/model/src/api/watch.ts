import { z } from 'zod';
import { alertSchema, storySchema, storyStates, storyVerdicts } from '../alert.ts';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** What people, and the server, did with a story. */
export const storyEntryKinds = [
  'taken',
  'acknowledged',
  'resolved',
  'reopened',
  'note',
  'incident',
  'allowed',
] as const;
export type StoryEntryKind = (typeof storyEntryKinds)[number];

const site = z.object({ id: z.int(), name: z.string() });

export const storyRowSchema = storySchema.omit({ alerts: true }).extend({
  site,
  state: z.enum(storyStates),
  verdict: z.enum(storyVerdicts).nullable(),
  alerts: z.int(),
  firstSeen: instant,
  lastSeen: instant,
  /** When it was told first. */
  told: instant,
  /** Until when somebody should have looked at it; null where it is of little weight. */
  due: instant.nullable(),
  lookedAt: instant.nullable(),
  lookedBy: z.string().nullable(),
  takenBy: z.string().nullable(),
  resolvedAt: instant.nullable(),
  resolvedBy: z.string().nullable(),
  /** The incident that was made of it. */
  incident: z.int().nullable(),
});
export type StoryRow = z.infer<typeof storyRowSchema>;

/** An alert in its story. */
export const alertRowSchema = alertSchema.extend({
  site,
  story: z.string(),
  /** Of its latest state; numbers have no gaps. */
  number: z.int(),
  firstSeen: instant,
  lastSeen: instant,
  told: instant,
});
export type AlertRow = z.infer<typeof alertRowSchema>;

export const storyDetailSchema = storyRowSchema.extend({
  asOf: instant,
  /** The playbook that fits best what was seen, where an incident is made of it. */
  playbook: z.string(),
  /** In order of time; the gravest where there are too many to show. */
  shown: z.array(alertRowSchema),
  entries: z.array(
    z.object({
      sequence: z.int(),
      at: instant,
      by: z.string(),
      kind: z.enum(storyEntryKinds),
      text: z.string(),
    }),
  ),
});
export type StoryDetail = z.infer<typeof storyDetailSchema>;

const watchFilter = pagingQuery.extend({
  q: z.string().max(200).optional(),
  severity: listParameter,
  detection: listParameter,
  site: listParameter,
  asset: z.string().max(200).optional(),
});
export const storyListQuery = watchFilter.extend({
  state: listParameter,
  verdict: listParameter,
  harm: listParameter,
  /** Grave ones whose time is up and at which nobody has looked. */
  overdue: z.enum(['yes']).optional(),
});
export const storyListResponse = page(storyRowSchema);
export type StoryList = z.infer<typeof storyListResponse>;
export const alertListQuery = watchFilter.extend({ story: z.string().max(80).optional() });
export const alertListResponse = page(alertRowSchema);
export type AlertList = z.infer<typeof alertListResponse>;

/** States of alerts in the order in which they were told: what a collector asks for that must have every one. */
export const alertRevisionQuery = z.object({
  /** The number up to which everything is there already. */
  after: z.coerce.number().int().min(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});
export const alertRevisionResponse = z.object({
  asOf: instant,
  /** The latest number that was given, and the oldest that is still kept; null where none is. */
  latest: z.int(),
  oldest: z.int().nullable(),
  items: z.array(z.object({ number: z.int(), site: z.int(), at: instant, alert: alertSchema })),
});
export type AlertRevisions = z.infer<typeof alertRevisionResponse>;

export const watchLossCauses = ['inbox-full', 'not-judged', 'clock-ahead', 'too-many-alerts'] as const;

/** How the watch of one site stands. */
export const watchStatusSchema = z.object({
  site,
  /** `learning`: only what is wrong in itself is told; `watching`: what departs from habit, too. */
  mode: z.enum(['learning', 'watching']),
  /** Since when it has been in this mode. */
  since: instant,
  /** The latest time of what was watched; null where nothing was. */
  heard: instant.nullable(),
  lastRun: instant.nullable(),
  batches: z.int(),
  rows: z.int(),
  /** Batches that wait. */
  waiting: z.int(),
  waitingSince: instant.nullable(),
  devices: z.int(),
  learntFrom: instant.nullable(),
  learntUntil: instant.nullable(),
  /** Devices whose doings while learning looked wrong, so that they were not learnt: the first ones, and how many. */
  heldBack: z.array(z.object({ device: z.string(), asset: z.string().nullable(), name: z.string() })),
  heldBackCount: z.int(),
  /** What was not watched. */
  losses: z.array(
    z.object({
      cause: z.enum(watchLossCauses),
      sensor: z.string(),
      stream: z.string(),
      batches: z.int(),
      rows: z.int(),
      first: instant,
      last: instant,
    }),
  ),
  /** Why learning was begun anew, where it was; null otherwise. */
  fault: z.object({ at: instant, text: z.string() }).nullable(),
});
export type WatchStatus = z.infer<typeof watchStatusSchema>;
export const watchStatusResponse = z.object({ asOf: instant, sites: z.array(watchStatusSchema) });
export type WatchStatusList = z.infer<typeof watchStatusResponse>;

/** For how long something is called normal at the most, where it is wrong in itself. */
export const ALLOWED_DAYS = 366;
export const storyTakeBody = z.object({ note: z.string().trim().max(500).default('') });
export const storyActBody = reasonBody;
export const storyNoteBody = z.object({ text: z.string().trim().min(3).max(2000) });
export const storyResolveBody = reasonBody.extend({
  verdict: z.enum(storyVerdicts),
  /**
   * What these devices did is told no more: for ever where it only departs from habit, until a moment where it is wrong in itself. Null:
   * it is told again when it is seen again.
   */
  allow: z.object({ until: z.iso.datetime().nullable() }).nullable().default(null),
});
export const storyIncidentBody = reasonBody.extend({
  playbook: z.string().max(60),
  drill: z.boolean().default(false),
});
export const storyMadeResponse = z.object({ id: z.string(), incident: z.int().nullable() });

/** What a person called normal. */
export const allowedRowSchema = z.object({
  id: z.string(),
  site,
  device: z.string(),
  asset: z.string().nullable(),
  name: z.string(),
  detection: z.string(),
  story: z.string().nullable(),
  by: z.string(),
  reason: z.string(),
  since: instant,
  until: instant.nullable(),
});
export type AllowedRow = z.infer<typeof allowedRowSchema>;
export const allowedListResponse = z.object({ asOf: instant, items: z.array(allowedRowSchema) });
export type AllowedList = z.infer<typeof allowedListResponse>;
export const allowedEndResponse = z.object({ id: z.string() });

/** `end`: from now on what departs from habit is told; `on`: learn on with what is known; `anew`: forget everything. */
export const learningOrders = ['end', 'on', 'anew'] as const;
export const learningBody = reasonBody.extend({ order: z.enum(learningOrders) });
export const learningTrustBody = reasonBody.extend({ device: z.string().trim().min(2).max(128) });
export const learningMadeResponse = z.object({ site: z.int() });

export const learntQuery = z.object({
  q: z.string().max(200).optional(),
  /** Only those that were held back, since they did what looks wrong. */
  held: z.enum(['yes']).optional(),
  offset: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** What was learnt of one device. */
export const learntDeviceSchema = z.object({
  device: z.string(),
  asset: z.string().nullable(),
  name: z.string(),
  firstSeen: instant,
  lastSeen: instant,
  heldBack: z.boolean(),
  /** Slices of time in which it spoke. */
  spoke: z.int(),
  longestPauseSeconds: z.int(),
  mostSentInAnHour: z.int(),
  /** What it used at whom, and what it offered, in words; the first ones, and how many. */
  habits: z.array(z.string()),
  habitCount: z.int(),
  commands: z.array(z.string()),
});
export type LearntDevice = z.infer<typeof learntDeviceSchema>;
export const learntResponse = z.object({
  asOf: instant,
  site,
  total: z.int(),
  items: z.array(learntDeviceSchema),
});
export type LearntList = z.infer<typeof learntResponse>;
