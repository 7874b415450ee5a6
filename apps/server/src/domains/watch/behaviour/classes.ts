import type { ClassHabit } from '@wardline/model';
import { type ClassBaseline, type ClassBaselines, LEAST_MEMBERS, type Watch } from '@wardline/watch';
import { habitKindOf } from './words.ts';

/** Habits of a class as they stand, without their words. */
export type HabitFound = Omit<ClassHabit, 'words'>;

export interface SummaryFound {
  name: string;
  members: number;
  heldBack: number;
  young: number;
  judges: boolean;
  week: number[];
  mostSentInAnHour: number;
  longestPauseSeconds: number;
}

export interface ClassFound extends SummaryFound {
  habits: HabitFound[];
  habitCount: number;
}

export type ClassesAnswer = ClassFound[];

const SHOWN = 100;

/** What was learnt of each class, or of one; those of most devices first. */
export function classesLearnt({ learnt }: Watch, name: string | null): ClassesAnswer {
  const classes = learnt.classes;
  if (classes === null) return [];
  return classes
    .all()
    .filter((one) => name === null || one.name === name)
    .toSorted((a, b) => b.members.length - a.members.length || (a.name < b.name ? -1 : 1))
    .map((one) => {
      const habits = habitsOf(classes, one);
      return { ...summaryOf(one), habits: habits.slice(0, SHOWN), habitCount: habits.length };
    });
}

export function summaryOf({
  name,
  members,
  heldBack,
  young,
  week,
  mostSent,
  longestPause,
}: ClassBaseline): SummaryFound {
  return {
    name,
    members: members.length,
    heldBack,
    young,
    judges: members.length >= LEAST_MEMBERS,
    week,
    mostSentInAnHour: mostSent,
    longestPauseSeconds: Math.round(longestPause / 1e6),
  };
}

function habitsOf(classes: ClassBaselines, one: ClassBaseline): HabitFound[] {
  return [...one.practices, ...one.commands]
    .map(([key, have]) => habitFound(classes, one, key, have))
    .toSorted((a, b) => b.have - a.have || (a.key < b.key ? -1 : 1));
}

export function habitFound(
  classes: ClassBaselines,
  one: ClassBaseline,
  key: string,
  have: number,
): HabitFound {
  return {
    key,
    kind: habitKindOf(key),
    have,
    of: one.members.length,
    counts: classes.isHabit(one, key),
    verdict: classes.verdictOn(one.name, key),
  };
}
