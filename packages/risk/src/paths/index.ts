/** Ways of attack through a hospital's network, and the least that cuts them. */
export {
  type AttackPaths,
  type AttackPlan,
  analysePaths,
  type ChokePoint,
  type PlanStep,
  type TargetReach,
} from './analyse.ts';
export * from './landscape.ts';
export type { PathStep, Route } from './route.ts';
