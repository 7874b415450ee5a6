/** Who devices are: zones' authorities, certificates, enrolment and revocation. */
export { Authorities } from './authorities/authorities.ts';
export { bootDeviceRoutes } from './boot/routes.ts';
export { holdingOf, revokeAllOf } from './certificates/revoke.ts';
export { recordAssurance } from './enrolment/assurance.ts';
export { attestationRoutes } from './enrolment/attestation-routes.ts';
export { holderLabel } from './enrolment/enrol.ts';
export { estRoutes } from './enrolment/est-routes.ts';
export { type Standing, standingHere } from './enrolment/proof.ts';
export { type ShownDevice, shownDevice } from './enrolment/shown-device.ts';
export { identityEvidence } from './evidence.ts';
export { answersOf } from './revocation/door.ts';
export { Lookup } from './revocation/lookup.ts';
export { revocationRoutes } from './revocation/routes.ts';
export { TrustRounds } from './rounds.ts';
export { identityRoutes } from './routes.ts';
