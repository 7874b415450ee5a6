/** What a device proves of itself: keys that live in its TPM, how it booted, and tokens of secure elements. */
export {
  type Appraisal,
  appraiseBoot,
  type BootEvidence,
  type BootStatus,
  type Grade,
} from './boot/appraise.ts';
export { type BootEvent, type EventLog, parseEventLog, replay } from './boot/event-log.ts';
export { type Difference, differences, type PcrReference, type ReferenceValues } from './boot/reference.ts';
export type { Pins } from './certificates/chain.ts';
export { type BoundExpectation, type BoundVerdict, judgeBoundToken, nonceFor } from './eat/bound.ts';
export { type EatClaims, readEatClaims } from './eat/claims.ts';
export { PSA_PROFILE, type PsaClaims, type PsaLifecycle } from './eat/psa.ts';
export { judgeToken, type TokenCheck, type TokenExpectation, type TokenVerdict } from './eat/token.ts';
export {
  type Activation,
  type AkTrust,
  type EndorsementOffer,
  endorsementIdentifier,
  type Opening,
  openActivation,
} from './keys/ak-trust.ts';
export {
  type Challenge,
  judgeKey,
  type KeyCheck,
  type KeyEvidence,
  type KeyExpectation,
  type KeyVerdict,
} from './keys/key-attestation.ts';
export {
  judgeQuote,
  type QuoteCheck,
  type QuoteEvidence,
  type QuoteExpectation,
  type QuoteVerdict,
} from './quote.ts';
export type { TpmClock } from './tpm/attest.ts';
export { type Credential, makeCredential, type Randomness } from './tpm/credential.ts';
export { type PublicArea, parsePublicArea } from './tpm/public-area.ts';
