import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

export const habitVerdicts = ['normal', 'not-normal'] as const;
export const habitKinds = ['use', 'offer', 'command'] as const;

/** What devices of one class do, each with how many of them. */
export const classHabitSchema = z.object({
  /** As a review names it. */
  key: z.string(),
  kind: z.enum(habitKinds),
  words: z.string(),
  have: z.int(),
  of: z.int(),
  /** It is normal for the class: enough of it share it, or a person said so. */
  counts: z.boolean(),
  verdict: z.enum(habitVerdicts).nullable(),
});
export type ClassHabit = z.infer<typeof classHabitSchema>;

const rhythm = {
  /** For each hour of the week (UTC, from Monday 0:00). */
  week: z.array(z.int()),
  mostSentInAnHour: z.int(),
  longestPauseSeconds: z.int(),
};

export const classSummarySchema = z.object({
  name: z.string(),
  label: z.string(),
  /** Devices from which it was learnt, and those from which it was not: held back, or heard too little. */
  members: z.int(),
  heldBack: z.int(),
  young: z.int(),
  /** Devices of it that have no habits of their own are judged by it. */
  judges: z.boolean(),
  ...rhythm,
});
export type ClassSummary = z.infer<typeof classSummarySchema>;

export const classBehaviourSchema = classSummarySchema.extend({
  /** Those that most share first; the first ones, and how many. */
  habits: z.array(classHabitSchema),
  habitCount: z.int(),
});
export type ClassBehaviour = z.infer<typeof classBehaviourSchema>;
export const classBehaviourResponse = z.object({
  asOf: instant,
  site: z.object({ id: z.int(), name: z.string() }),
  items: z.array(classBehaviourSchema),
});
export type ClassBehaviourList = z.infer<typeof classBehaviourResponse>;

/** What a person says of a habit of a class; null takes back what was said. */
export const classReviewBody = reasonBody.extend({
  class: z.string().trim().min(1).max(64),
  habit: z.string().trim().min(3).max(300),
  verdict: z.enum(habitVerdicts).nullable(),
});
export const classReviewResponse = z.object({ site: z.int() });

/** By what a device is judged: its own habits, those of its class, or nothing yet. */
export const judgedBy = ['own', 'class', 'nothing', 'learning'] as const;

/** A habit of a device or of its class, side by side. */
export const behaviourHabitSchema = classHabitSchema.extend({
  /** The device has it itself. */
  own: z.boolean(),
});
export const behaviourResponse = z.object({
  asOf: instant,
  asset: z.string(),
  assetName: z.string(),
  site: z.int(),
  judgedBy: z.enum(judgedBy),
  /** The address under which it was heard most; null where it was not heard while learning. */
  own: z
    .object({
      device: z.string(),
      firstSeen: instant,
      lastSeen: instant,
      heldBack: z.boolean(),
      young: z.boolean(),
      spoke: z.int(),
      ...rhythm,
    })
    .nullable(),
  /** Others of its kind; null where nobody knows its kind or none of it was learnt. */
  class: classSummarySchema.nullable(),
  habits: z.array(behaviourHabitSchema),
  habitCount: z.int(),
});
export type Behaviour = z.infer<typeof behaviourResponse>;
export type BehaviourHabit = Behaviour['habits'][number];
