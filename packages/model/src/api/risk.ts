import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { controlAnswers, controlKinds, controlTargets, levelSpanSchema, riskControlSchema } from '../risk.ts';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** How hard a step of an attack is; the words of `@wardline/risk`. */
export const attackDifficulties = ['open', 'exploited', 'published', 'demanding', 'undisclosed'] as const;
const difficulty = z.enum(attackDifficulties);

const named = z.object({ id: z.string(), name: z.string() });

export const attackStepSchema = z.object({
  from: named.nullable(),
  to: named,
  via: z.object({
    ground: z.enum(['same-segment', 'observed', 'not-excluded']),
    service: z.string().nullable(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    text: z.string(),
  }),
  difficulty,
  effect: z.enum(['control', 'harm']),
  /** A finding (`f-…`) or a weakness; null where no weakness is known. */
  evidence: z.string().nullable(),
  /** What would take this step away: any one of these changes. */
  remedies: z.array(z.object({ id: z.string(), text: z.string() })),
  text: z.string(),
});

export const attackRouteSchema = z.object({
  foothold: z.object({
    kind: z.enum(['internet', 'guest', 'workstation', 'supplier']),
    because: z.string(),
    asset: z.string().nullable(),
    place: z.string().nullable(),
  }),
  steps: z.array(attackStepSchema),
  difficulty,
});
export type AttackRoute = z.infer<typeof attackRouteSchema>;

export const attackTargetSchema = z.object({
  asset: z.string(),
  name: z.string(),
  classLabel: z.string().nullable(),
  criticality: z.enum(criticalities),
  location: z.string(),
  /** The easiest way by what was seen; null where there is none. */
  shown: attackRouteSchema.nullable(),
  /** The easiest way by what nothing excludes; never harder. */
  notExcluded: attackRouteSchema.nullable(),
});
export type AttackTarget = z.infer<typeof attackTargetSchema>;

/** How many targets are reached at their easiest by each grade; `none`: by no way. */
const counts = z.record(z.enum([...attackDifficulties, 'none']), z.int());

export const attackPathsQuery = z.object({
  /** Choke points and plan are about ways up to this grade. */
  level: difficulty.default('published'),
  /** Targets told in full, the easiest to reach first. */
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export const attackPathsResponse = z.object({
  asOf: instant,
  level: difficulty,
  /** Life-critical assets. */
  total: z.int(),
  counts: z.object({ shown: counts, notExcluded: counts }),
  footholds: z.object({ internet: z.int(), guest: z.int(), workstation: z.int(), supplier: z.int() }),
  targets: z.array(attackTargetSchema),
  chokePoints: z.array(
    z.object({
      kind: z.enum(['asset', 'conduit', 'place']),
      id: z.string().nullable(),
      name: z.string(),
      targets: z.int(),
    }),
  ),
  plan: z.object({
    steps: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['patch', 'setting', 'conduit', 'access']),
        text: z.string(),
        assets: z.int(),
        effort: z.int(),
        /** Assets that are out of reach after this change and those before it. */
        freed: z.array(named),
        left: z.int(),
      }),
    ),
    before: z.int(),
    after: z.int(),
    /** Assets that no known change takes out of reach. */
    stubborn: z.array(named),
    effort: z.int(),
    /** Proved: nothing that does the same takes less effort. */
    bound: z.int(),
  }),
});
export type AttackPathsAnswer = z.infer<typeof attackPathsResponse>;

/** Where a risk stands with the people who answer for it. */
export const riskStates = ['new', 'triaged', 'treating', 'waiting', 'accepted', 'done'] as const;
export type RiskState = (typeof riskStates)[number];
export const riskTreatments = ['mitigate', 'transfer', 'accept', 'avoid'] as const;
export type RiskTreatment = (typeof riskTreatments)[number];
/** The queue as each role looks at it; all see the same risks. */
export const riskViews = ['biomedical', 'security', 'network', 'compliance', 'governance', 'mine'] as const;
export type RiskView = (typeof riskViews)[number];

export const riskRowSchema = z.object({
  id: z.string(),
  /** A `control` is a gap in what is asked for: no device shows it by itself. */
  kind: z.enum(['weakness', 'finding', 'control']),
  /** The weakness, the rule, or the gap. */
  source: z.string(),
  title: z.string(),
  product: z.string(),
  assets: z.int(),
  lifeCritical: z.int(),
  /** What is left with the controls that are verified, of the gravest member. */
  patient: levelSpanSchema,
  privacy: levelSpanSchema,
  operations: levelSpanSchema,
  control: z.enum(controlAnswers),
  exploited: z.boolean(),
  state: z.enum(riskStates),
  treatment: z.enum(riskTreatments).nullable(),
  owner: z.string().nullable(),
  ownerName: z.string().nullable(),
  deadline: instant.nullable(),
  overdue: z.boolean(),
  acceptedUntil: instant.nullable(),
  /** Risks that were joined into this one. */
  joined: z.int(),
  opened: instant,
  /** When its last member went; null while it is there. */
  closed: instant.nullable(),
});
export type RiskRow = z.infer<typeof riskRowSchema>;

export const riskListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  view: z.enum(riskViews).optional(),
  state: listParameter,
  /** At least this level for patients is possible. */
  patient: z.enum(['low', 'moderate', 'high', 'very high']).optional(),
  asset: z.string().max(200).optional(),
  overdue: z.enum(['yes']).optional(),
  closed: z.enum(['yes', 'no']).default('no'),
  order: z.enum(['asc', 'desc']).default('desc'),
});
export const riskListResponse = page(riskRowSchema);

export const riskDetailSchema = riskRowSchema.extend({
  plan: z.string().nullable(),
  proposedBy: z.string().nullable(),
  approver: z.string().nullable(),
  review: instant.nullable(),
  controls: z.array(
    riskControlSchema.omit({ verification: true }).extend({
      addedBy: z.string(),
      added: instant,
      verifiedBy: z.string().nullable(),
      evidence: z.string().nullable(),
      verified: instant.nullable(),
      holdsUntil: instant.nullable(),
    }),
  ),
  comments: z.array(z.object({ actor: z.string(), name: z.string(), text: z.string(), at: instant })),
  /** The gravest first. */
  members: z.array(
    z.object({
      asset: z.string(),
      name: z.string(),
      source: z.string(),
      presence: z.enum(['affected', 'unknown']),
      patient: levelSpanSchema,
      privacy: levelSpanSchema,
      operations: levelSpanSchema,
    }),
  ),
  /** How the gravest member's score came about. */
  sentences: z.array(z.string()),
  /** What SSVC's tables that were read come to here; more than one outcome where something is unknown. */
  decisions: z.array(
    z.object({ table: z.string(), outcomes: z.array(z.string()), open: z.array(z.string()) }),
  ),
  history: z.array(z.object({ at: instant, actor: z.string(), text: z.string() })),
  joinedRisks: z.array(
    z.object({ id: z.string(), title: z.string(), source: z.string(), product: z.string() }),
  ),
  joinedInto: z.string().nullable(),
});
export type RiskDetail = z.infer<typeof riskDetailSchema>;

const reason = reasonBody.shape.reason;
const risks = z.array(z.string().max(40)).min(1).max(200);
const person = z.string().regex(/^person:[0-9a-f-]{36}$/, 'expected person: and an id');
/** A day, at whose end it is due. */
const day = z.iso.date();

export const riskAssignBody = z.object({ risks, owner: person, deadline: day.optional(), reason });
export const riskTreatBody = z.object({
  treatment: z.enum(riskTreatments),
  /** What is done, or why nothing is. */
  plan: z.string().trim().min(3).max(2000),
  owner: person,
  /** When it is done; for an acceptance, until when it holds. */
  deadline: day,
  review: day.optional(),
  reason,
});
export const riskAcceptanceBody = z.object({ decision: z.enum(['approve', 'refuse']), reason });
export const riskCommentBody = z.object({
  text: z.string().trim().min(1).max(2000),
  reason: reason.default('a comment'),
});
export const riskControlBody = z.object({
  text: z.string().trim().min(3).max(500),
  kind: z.enum(controlKinds),
  strength: z.enum(['partial', 'strong']),
  on: z.array(z.enum(controlTargets)).min(1).max(5),
  reason,
});
export const riskVerifyBody = z.object({
  /** How it was seen that it works. */
  evidence: z.string().trim().min(3).max(1000),
  /** For how many days that holds. */
  days: z.int().min(1).max(366),
  reason,
});
export const riskJoinBody = z.object({ risks, into: z.string().max(40), reason });

/** How risk is governed, at a moment or at the end of a day. */
export const riskIndicatorsSchema = z.object({
  open: z.int(),
  uncontrolled: z.int(),
  /** Whether it is controlled is unknown. */
  unknownControl: z.int(),
  overdue: z.int(),
  accepted: z.int(),
  waiting: z.int(),
  untriaged: z.int(),
  /** Life-critical devices with a risk to patients that can be high or more. */
  lifeCriticalAtRisk: z.int(),
  lifeCritical: z.int(),
  /** Assets of which it is known what they are, of all. */
  identified: z.int(),
  assets: z.int(),
  /** Medians over the last 90 days, in hours; null where nothing was. */
  hoursToTriage: z.number().nullable(),
  hoursToTreat: z.number().nullable(),
  byLevel: z.record(z.string(), z.int()),
});
export type RiskIndicators = z.infer<typeof riskIndicatorsSchema>;
export const riskIndicatorsResponse = z.object({
  asOf: instant,
  now: riskIndicatorsSchema,
  days: z.array(riskIndicatorsSchema.extend({ day: z.string() })),
});
export type RiskIndicatorsAnswer = z.infer<typeof riskIndicatorsResponse>;
