/** Judgements about assets that rest on facts. */
export { findingsEvidence } from './evidence.ts';
export { findingRoutes } from './routes.ts';
