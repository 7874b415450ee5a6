import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { instant, reasonBody } from './common.ts';

export const incidentRoleNames = [
  'commander',
  'clinical',
  'biomedical',
  'security',
  'network',
  'privacy',
] as const;
const role = z.enum(incidentRoleNames);
export const incidentStates = ['open', 'contained', 'recovered', 'closed'] as const;
/** What stands on a timeline. */
export const incidentEntryKinds = [
  'opened',
  'note',
  'decision',
  'evidence',
  'step',
  'duty',
  'state',
  'breach',
  'containment',
] as const;

const day = z.iso.date();
const words = (most: number) => z.string().trim().min(3).max(most);

/** A file that is kept elsewhere, named so that it cannot be exchanged. */
const evidenceFileSchema = z.object({
  name: z.string().trim().min(1).max(200),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 small hexadecimal digits'),
  bytes: z.int().min(0),
});

export const incidentRowSchema = z.object({
  number: z.int(),
  title: z.string(),
  playbook: z.string(),
  playbookTitle: z.string(),
  drill: z.boolean(),
  state: z.enum(incidentStates),
  began: instant,
  opened: instant,
  openedBy: z.string(),
  changed: instant,
  assets: z.int(),
  stepsDone: z.int(),
  steps: z.int(),
  /** The next clock of a breach that runs, `YYYY-MM-DD`; null where none does. */
  nextClock: day.nullable(),
});
export type IncidentRow = z.infer<typeof incidentRowSchema>;
export const incidentListResponse = z.object({ asOf: instant, items: z.array(incidentRowSchema) });

export const incidentStepSchema = z.object({
  id: z.string(),
  phase: z.string(),
  role,
  title: z.string(),
  do: z.string(),
  /** When it should be done; null where the playbook says none. */
  due: instant.nullable(),
  after: z.array(z.string()),
  bedside: z.object({ who: z.string(), why: z.string() }).nullable(),
  stop: z.string().nullable(),
  /** `waiting`: another step comes before it. */
  state: z.enum(['waiting', 'ready', 'done', 'skipped']),
  at: instant.nullable(),
  by: z.string().nullable(),
  note: z.string(),
  /** Who was at the bedside, as it was said. */
  atBedside: z.string(),
});
export type IncidentStep = z.infer<typeof incidentStepSchema>;

export const incidentEntrySchema = z.object({
  sequence: z.int(),
  at: instant,
  by: z.string(),
  kind: z.enum(incidentEntryKinds),
  text: z.string(),
  evidence: evidenceFileSchema.nullable(),
});
export type IncidentEntry = z.infer<typeof incidentEntrySchema>;

const weight = z.enum(['low', 'not-low', 'unknown']);
const factor = z.object({ weight, reason: z.string().trim().max(1000) });
/** What is known of a possible breach of protected health information (45 CFR 164.402). */
export const breachFactsSchema = z.object({
  known: day,
  shouldHaveKnown: day.nullable(),
  secured: z.enum(['yes', 'no', 'unknown']),
  exception: z
    .object({
      kind: z.enum(['unintentional-acquisition', 'inadvertent-disclosure', 'not-retained']),
      reason: words(1000),
    })
    .nullable(),
  factors: z.object({ nature: factor, recipient: factor, acquired: factor, mitigated: factor }),
  individuals: z.int().min(0).nullable(),
  mostInOneState: z.int().min(0).nullable(),
  role: z.enum(['covered-entity', 'business-associate']),
  delay: z.object({ form: z.enum(['written', 'oral']), stated: day, until: day.nullable() }).nullable(),
});
export const breachNoticeNames = ['individuals', 'media', 'secretary', 'covered-entity', 'records'] as const;
const breachSchema = z.object({
  facts: breachFactsSchema,
  verdict: z.enum(['secured', 'excepted', 'low-probability', 'presumed', 'breach']),
  notifiable: z.boolean(),
  because: z.array(z.string()),
  clocks: z.array(
    z.object({
      notice: z.enum(breachNoticeNames),
      clause: z.string(),
      due: day,
      because: z.string(),
      /** The day on which the notice was given; null while it was not. */
      given: day.nullable(),
      isOver: z.boolean(),
    }),
  ),
});
export type IncidentBreach = z.infer<typeof breachSchema>;

export const dutyContactSchema = z.object({ role, name: z.string(), reach: z.string() });
export type DutyContact = z.infer<typeof dutyContactSchema>;

export const incidentDetailSchema = incidentRowSchema.omit({ assets: true, steps: true }).extend({
  asOf: instant,
  when: z.string(),
  assets: z.array(z.object({ id: z.string(), name: z.string(), criticality: z.enum(criticalities) })),
  steps: z.array(incidentStepSchema),
  duties: z.array(z.object({ role, person: z.string() })),
  contacts: z.array(dutyContactSchema),
  timeline: z.array(incidentEntrySchema),
  breach: breachSchema.nullable(),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const playbookListResponse = z.object({
  playbooks: z.array(z.object({ id: z.string(), title: z.string(), when: z.string(), steps: z.int() })),
});
export type PlaybookList = z.infer<typeof playbookListResponse>;

export const incidentOpenBody = reasonBody.extend({
  playbook: z.string().max(60),
  title: words(160),
  drill: z.boolean().default(false),
  /** When it began, RFC 3339; now where it is left out. */
  began: z.iso.datetime().optional(),
  assets: z.array(z.string().max(200)).max(500).default([]),
});
export const incidentMadeResponse = z.object({ number: z.int() });
export const incidentNoteBody = z.object({
  kind: z.enum(['note', 'decision', 'evidence']),
  text: words(4000),
  evidence: evidenceFileSchema.nullable().default(null),
});
export const incidentStepBody = z.object({
  state: z.enum(['done', 'skipped']),
  note: z.string().trim().max(1000).default(''),
  /** Who is at the bedside; asked for where the step needs somebody there. */
  atBedside: z.string().trim().max(200).default(''),
});
export const incidentDutyBody = z.object({ role, person: words(160) });
export const incidentStateBody = reasonBody.extend({ state: z.enum(incidentStates) });
export const incidentBreachBody = z.object({
  facts: breachFactsSchema,
  given: z.partialRecord(z.enum(breachNoticeNames), day).default({}),
});
export const dutyContactBody = dutyContactSchema.extend({ name: words(160), reach: words(200) });
export const dutyContactsResponse = z.object({ contacts: z.array(dutyContactSchema) });

const containedParty = z.object({
  asset: z.string().nullable(),
  name: z.string(),
  criticality: z.enum(criticalities),
});
/** A conversation that a containment ends, unless it is kept. */
export const containmentRowSchema = z.object({
  key: z.string(),
  client: containedParty,
  server: containedParty,
  service: z.string(),
  lastSeen: instant,
  isLifeCritical: z.boolean(),
});
export type ContainmentRow = z.infer<typeof containmentRowSchema>;
const keys = z.array(z.string().max(200)).max(200).default([]);
export const containmentQuestion = z.object({
  assets: z.array(z.string().max(200)).min(1).max(50),
  keep: keys,
});
export const containmentPreview = z.object({
  asOf: instant,
  /** Those with a life-critical device at one end first. */
  ends: z.array(containmentRowSchema),
  lifeCritical: z.int(),
  /** Words of what is kept, as the policy says it. */
  kept: z.array(z.string()),
});
export type ContainmentPreview = z.infer<typeof containmentPreview>;
export const containmentBody = reasonBody.extend({
  assets: containmentQuestion.shape.assets,
  keep: keys,
  /** For each life-critical conversation that it ends: who answers for that. */
  signed: z
    .array(z.object({ key: z.string().max(200), by: words(160) }))
    .max(500)
    .default([]),
});
export const containmentMade = z.object({ draft: z.string(), ends: z.int() });
