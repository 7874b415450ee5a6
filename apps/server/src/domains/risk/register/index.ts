/** The register of risks. */
export { RiskRounds } from './rounds.ts';
export { riskRoutes } from './routes.ts';
