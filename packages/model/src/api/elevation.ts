import { z } from 'zod';
import { grantAssignBody, grantSchema, roles } from './access.ts';
import { instant, page, pagingQuery } from './common.ts';

/** A role for a time ends with a shift at the latest. */
export const ELEVATION_MINUTES = 480;

/** Roles of people; programs are not asked for. */
export const askableRoles = roles.filter((role) => role !== 'sensor' && role !== 'device');

/** Waiting for an approver; refused or taken back; nobody decided in time; holding; held. */
export const elevationStates = ['waiting', 'refused', 'withdrawn', 'lapsed', 'running', 'ended'] as const;

export const elevationBody = grantAssignBody.omit({ holder: true, until: true, role: true }).extend({
  role: z.enum(askableRoles),
  minutes: z.int().min(5).max(ELEVATION_MINUTES),
  /** For whom, where the command line of the machine asks; absent: for oneself. */
  holder: z.string().max(200).optional(),
});

/** A role that somebody asked to hold for a time, and what became of it. */
export const elevationSchema = grantSchema.omit({ origin: true, until: true }).extend({
  id: z.string(),
  holder: z.string(),
  name: z.string(),
  askedBy: z.string(),
  minutes: z.int(),
  state: z.enum(elevationStates),
  /** Null where it was erased. */
  reason: z.string().nullable(),
  asked: instant,
  /** Until when somebody has to decide. */
  lapses: instant,
  decided: instant.nullable(),
  decidedBy: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decisionReason: z.string().nullable(),
  until: instant.nullable(),
  ended: instant.nullable(),
  /** What whoever asks may do with it now. */
  mine: z.boolean(),
  mayDecide: z.boolean(),
});
export type Elevation = z.infer<typeof elevationSchema>;

export const elevationViews = ['all', 'mine', 'waiting', 'running', 'past'] as const;
export const elevationQuery = pagingQuery.extend({ view: z.enum(elevationViews).default('all') });
export const elevationListResponse = page(elevationSchema);
