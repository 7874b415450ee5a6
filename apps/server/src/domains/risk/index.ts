/** Ways of attack to what patients' lives hang on, and the register of risks. */
export { addWindow, windowsOf } from './patching/windows.ts';
export { attackPathRoutes } from './paths/routes.ts';
export {
  type Gap,
  type GapRisk,
  gapPlans,
  gapRiskId,
  gapRisks,
  indicatorsAt,
  moveGapRisk,
  openGapRisk,
  openRisks,
  RiskRounds,
  riskEvidence,
  riskRoutes,
  risksBySource,
} from './register/index.ts';
export { threatCounts } from './threats/counts.ts';
export { productThreats } from './threats/product-threats.ts';
