/** The register of risks. */
export { riskEvidence } from './evidence.ts';
export { type Gap, type GapRisk, gapPlans, gapRiskId, gapRisks, moveGapRisk, openGapRisk } from './gaps.ts';
export { indicatorsAt } from './indicators.ts';
export { openRisks, risksBySource } from './open.ts';
export { RiskRounds } from './rounds.ts';
export { riskRoutes } from './routes.ts';
