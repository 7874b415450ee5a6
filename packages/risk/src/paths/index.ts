/** Ways of attack through a hospital's network, and the least that cuts them. */
export {
  type AttackPaths,
  type AttackPlan,
  analysePaths,
  type ChokePoint,
  type PlanStep,
  type TargetReach,
} from './analyse.ts';
export { exposuresOf } from './exposure.ts';
export { landscapeOf } from './hospital/landscape-of.ts';
export type {
  Hospital,
  HospitalAsset,
  HospitalConversation,
  HospitalFinding,
  HospitalWeakness,
} from './hospital/words.ts';
export * from './landscape.ts';
export type { PathStep, Route } from './route.ts';
