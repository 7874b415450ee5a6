/** The register of risks. */
export { riskEvidence } from './evidence.ts';
export { RiskRounds } from './rounds.ts';
export { riskRoutes } from './routes.ts';
