import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { instant } from './common.ts';

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
