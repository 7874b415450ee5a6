/** Advisories, what they say of the hospital's assets, and what persons decided about it. */

export { advisoryRoutes } from './advisory-routes.ts';
export { tableOutcomes } from './enrichment.ts';
export { vulnerabilitiesEvidence } from './evidence.ts';
export { FeedRunner, feedRoutes } from './feeds/index.ts';
export { matchRoutes } from './match-routes.ts';
export { matchAll } from './matches.ts';
export { keepReleaseSbom, sbomRoutes } from './sboms/index.ts';
