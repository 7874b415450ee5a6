import { z } from 'zod';
import { grantAssignBody, grantSchema, storedGrantSchema } from './access.ts';
import { instant, page, pagingQuery, reasonBody } from './common.ts';
import { askableRoles } from './elevation.ts';

/** Emergency access is short, and longer than an hour only where that was prepared. */
export const EMERGENCY_MINUTES = { usual: 60, most: 240 } as const;

/** Why the glass was broken, with its purpose of use in HL7's v3-ActReason. */
export const emergencyCodes = {
  'patient-in-danger': { label: 'A patient is in danger', purpose: 'ETREAT' },
  'care-interrupted': { label: 'Care is interrupted or about to be', purpose: 'ETREAT' },
  'system-outage': { label: 'A system that care needs is down', purpose: 'BTG' },
  'attack-under-way': { label: 'An attack is under way', purpose: 'BTG' },
  'nobody-reachable': { label: 'Nobody who holds the role can be reached', purpose: 'BTG' },
  exercise: { label: 'An exercise', purpose: 'BTG' },
} as const;
export type EmergencyCode = keyof typeof emergencyCodes;
export const emergencyCodeSchema = z.enum(Object.keys(emergencyCodes) as [EmergencyCode, ...EmergencyCode[]]);

/** What a person may take in an emergency, prepared beforehand: one role within the least scope that will do. */
export const emergencyPlanSchema = grantSchema.omit({ until: true, origin: true }).extend({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  minutes: z.int(),
  prepared: instant,
  preparedBy: z.string(),
  /** When its sealed credential was made; null where there is none that opens. */
  sealed: instant.nullable(),
});
export const emergencyPlanBody = grantAssignBody.omit({ holder: true, until: true, role: true }).extend({
  /** `person:…` */
  person: z.string().max(200),
  role: z.enum(askableRoles),
  minutes: z.int().min(5).max(EMERGENCY_MINUTES.most).default(EMERGENCY_MINUTES.usual),
});

export const emergencyStartBody = reasonBody.extend({ plan: z.uuid(), code: emergencyCodeSchema });
export const emergencyOpenBody = reasonBody.extend({
  credential: z.string().max(200),
  code: emergencyCodeSchema,
});

export const noticeSchema = z.object({
  channel: z.enum(['webhook', 'mail', 'syslog']),
  state: z.enum(['sent', 'failed']),
  /** Why it failed. */
  detail: z.string().nullable(),
  at: instant,
});

export const emergencyVerdicts = ['justified', 'not-justified'] as const;

/** One use of emergency access. */
export const emergencySchema = storedGrantSchema
  .pick({ id: true, role: true, sites: true, zones: true, name: true })
  .extend({
    person: z.string(),
    code: emergencyCodeSchema,
    /** How it was entered: by a session with a fresh proof, or by the sealed credential. */
    by: z.enum(['session', 'sealed credential']),
    reason: z.string().nullable(),
    started: instant,
    until: instant,
    ended: instant.nullable(),
    endedBy: z.string().nullable(),
    /** Whether somebody on duty was told; empty while nobody answered or where none is configured. */
    notices: z.array(noticeSchema),
    reviewed: instant.nullable(),
    reviewedBy: z.string().nullable(),
    reviewedByName: z.string().nullable(),
    verdict: z.enum(emergencyVerdicts).nullable(),
    review: z.string().nullable(),
  });
export type Emergency = z.infer<typeof emergencySchema>;

/** For everybody: what runs, and what whoever asks could take. */
export const emergencyStatusResponse = z.object({
  running: z.array(
    emergencySchema.pick({
      id: true,
      person: true,
      name: true,
      role: true,
      sites: true,
      zones: true,
      code: true,
      started: true,
      until: true,
      notices: true,
    }),
  ),
  plans: z.array(emergencyPlanSchema),
  /** Where somebody on duty is told. */
  channels: z.array(noticeSchema.shape.channel),
});
export const emergencyViews = ['all', 'running', 'to-review', 'reviewed'] as const;
export const emergencyQuery = pagingQuery.extend({ view: z.enum(emergencyViews).default('all') });
export const emergencyListResponse = page(emergencySchema);
export const emergencyPlanListResponse = z.object({ items: z.array(emergencyPlanSchema) });
export const emergencyReviewBody = reasonBody.extend({ verdict: z.enum(emergencyVerdicts) });
/** The credential is told this once and never again. */
export const emergencySealResponse = z.object({ id: z.string(), credential: z.string() });
