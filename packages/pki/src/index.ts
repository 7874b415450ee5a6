/** Certificates, requests for them, who may issue what, what holds no more, and what devices prove of themselves. */
export * from './attestation/index.ts';
export {
  type Authority,
  issueLeaf,
  issueResponder,
  issueRoot,
  issueZone,
  type LeafOrder,
  type Moment,
  type Places,
  renewalAt,
} from './authority/issue.ts';
export { type Holder, holderNames, type ProfileName, profileNames, profiles } from './authority/profiles.ts';
export {
  checkZoneAuthority,
  mustBeOfZone,
  validateInZone,
  type ZoneScope,
  zoneScope,
} from './authority/zone.ts';
export { type Draft, serialFrom, signCertificate } from './certificate/build.ts';
export { type Certificate, fingerprintOf, parseCertificate } from './certificate/certificate.ts';
export type { Extension } from './certificate/extensions.ts';
export {
  certificatesOnly,
  estBody,
  estText,
  parseCertificatesOnly,
  parseRequestAttributes,
  requestAttributes,
} from './est/messages.ts';
export { type KeyKind, keyDigestOf, keyIdentifier, type PublicKey } from './keys/public-key.ts';
export { keySigner, type Signer, signerOf } from './keys/signer.ts';
export {
  type Attribute,
  type DistinguishedName,
  firstOf,
  nameOf,
  printName,
} from './names/distinguished.ts';
export { type GeneralName, printGeneralName } from './names/general.ts';
export { fromBase64, fromPem, toPem } from './pem.ts';
export { attempt, type Outcome, PkiError, type PkiFault, type Refused } from './pki-error.ts';
export { signRequest, type Wanted } from './request/build.ts';
export { checkRenewal, checkRequest } from './request/check.ts';
export { type CertificationRequest, parseRequest, type RequestAttribute } from './request/request.ts';
export { refusedAnswer, type Standing, signAnswer } from './revocation/answer.ts';
export {
  isListOf,
  parseList,
  type RevocationList,
  type RevocationReason,
  type Revoked,
  signList,
} from './revocation/list.ts';
export {
  type CertificateId,
  encodeCertificateId,
  encodeQuestion,
  issuerNames,
  parseQuestion,
  type Question,
} from './revocation/question.ts';
export { type Path, type PathQuestion, validatePath } from './validate/path.ts';
