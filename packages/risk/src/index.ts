/** Hazards, exposure and controls → risk; ways of attack, what they run through, and the least that cuts them. */
export {
  assessBreach,
  type BreachConclusion,
  type BreachException,
  type BreachFactor,
  type BreachFacts,
  breachExceptions,
  breachFactors,
  discoveredOn,
  type FactorWeight,
  type LawEnforcementDelay,
} from './breach/breach.ts';
export { type BreachClock, type BreachNotice, breachClocks, breachNotices } from './breach/clocks.ts';
export * from './cvss/index.ts';
export * from './patching/index.ts';
export * from './paths/index.ts';
export * from './score/index.ts';
export * from './threats/index.ts';
