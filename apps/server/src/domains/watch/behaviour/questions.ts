import type { Watch } from '@wardline/watch';
import { type ClassesAnswer, classesLearnt } from './classes.ts';
import { type BehaviourFound, behaviourOf } from './device.ts';
import { type DevicesAnswer, type DevicesQuestion, learntDevices } from './learnt.ts';

/** What is asked of what a site's watch has learnt: devices one by one, classes, or one device beside its class. */
export type LearntQuestion =
  | DevicesQuestion
  | { what: 'classes'; site: number; name: string | null }
  | { what: 'device'; site: number; addresses: readonly string[] };

export interface LearntAnswers {
  devices: DevicesAnswer;
  classes: ClassesAnswer;
  device: BehaviourFound;
}

export function answer(watch: Watch, question: LearntQuestion): LearntAnswers[LearntQuestion['what']] {
  if (question.what === 'devices') return learntDevices(watch, question);
  return question.what === 'classes'
    ? classesLearnt(watch, question.name)
    : behaviourOf(watch, question.addresses);
}
