/** Controls of law, guidance and standards: what is true of them, by which evidence, and what it was on any day. */
export { controlsText } from './page.ts';
export { exportRecord } from './records.ts';
export { ComplianceRounds } from './rounds.ts';
export { complianceRoutes } from './routes.ts';
export { evidenceNow, shownFor } from './shown.ts';
