/** Judgements about assets that rest on facts. */
export { findingsEvidence, questionsOfFindings } from './evidence.ts';
export { assetHardening } from './hardening.ts';
export { closeFinding, type HeldFinding, holdFinding } from './hold.ts';
export { findingRoutes } from './routes.ts';
