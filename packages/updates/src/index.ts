/** TUF 1.0: what a repository signs, and a client that takes nothing else. Disk, network and clock are passed in. */
export {
  asSegment,
  type MetadataSource,
  type Session,
  type TargetSource,
  type TrustedStore,
} from './client/ports.ts';
export { addressOf, download, lookUp, refresh } from './client/refresh.ts';
export { nextRoot, readRoot, type TrustedRoot } from './client/root.ts';
export type { TrustedSet } from './client/targets.ts';
export { type Outcome, type UpdatesCode, UpdatesFault } from './fault.ts';
export type { TargetFile } from './metadata/file.ts';
export {
  type DelegationPlan,
  type Described,
  describe,
  draftOf,
  rootDocument,
  signDocument,
  snapshotDocument,
  type TargetPlan,
  targetsDocument,
  timestampDocument,
} from './repository/document.ts';
export { type DocumentSigner, keyIdOf, keyOf, signerOf } from './repository/signer.ts';
export { paced, verifiedTarget } from './verification/bytes.ts';
