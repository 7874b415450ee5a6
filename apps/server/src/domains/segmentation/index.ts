/** Zones and conduits: written, tried, proved, and put into force by two people. */

export { type AuthorisedRow, type Held, readAuthorised, readAuthorisedAssets } from './authorised.ts';
export { PolicyDesk } from './desk.ts';
export { keepDraft } from './drafts.ts';
export { readPolicyAssets } from './evidence.ts';
export { segmentationEvidence } from './evidence-of-policy.ts';
export { segmentationRoutes } from './routes.ts';
export { currentVersion, readVersion, versionOfDigest } from './versions.ts';
export { ZonesInForce } from './zones-in-force.ts';
