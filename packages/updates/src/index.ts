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
export { checkInstruction, type Instruction } from './device/instruction.ts';
export type { PartStore } from './device/parts.ts';
export {
  atStart,
  beginWrite,
  confirm,
  type DeviceMemory,
  endWrite,
  type Installed,
  otherSlot,
  reject,
  type Slot,
  TRIAL_STARTS,
} from './device/slots.ts';
export {
  type DevicePorts,
  type DeviceSelf,
  install,
  type UpdateWith,
  type Verification,
} from './device/update.ts';
export { type Outcome, type UpdatesCode, UpdatesFault } from './fault.ts';
export {
  type Firmware,
  firmwareDocument,
  firmwareFrom,
  type Papers,
  readFirmware,
} from './image/description.ts';
export { groupKeyOf, isSealed, openImage, SEAL_BYTES, type Sealed, sealImage } from './image/seal.ts';
export { type Bins, binName, binOf, type DelegatedRole, delegatedRoles } from './metadata/delegations.ts';
export { type Envelope, readMetadata } from './metadata/envelope.ts';
export type { TargetFile } from './metadata/file.ts';
export type { Key, Role } from './metadata/key.ts';
export type { Root, Snapshot, Targets, Timestamp } from './metadata/signed.ts';
export { builderKeyOf } from './provenance/dsse.ts';
export { type Provenance, readProvenance } from './provenance/provenance.ts';
export {
  type DelegationPlan,
  type Described,
  describe,
  draftOf,
  rootDocument,
  signDocument,
  snapshotDocument,
  type TargetPlan,
  type TargetsPlan,
  targetsDocument,
  timestampDocument,
} from './repository/document.ts';
export { type OnlineTerms, type Publication, publish, type Submission } from './repository/publication.ts';
export { type DocumentSigner, keyIdOf, keyOf, signerFromSeed, signerOf } from './repository/signer.ts';
export { NOTHING, type Standing, sourceOf, storeOf } from './repository/standing.ts';
export { reasonToWait, type Use, type Wait } from './rollout/gate.ts';
export {
  advance,
  type DeviceState,
  deviceStates,
  failuresAllowed,
  type Progress,
  type RolloutPlan,
  type RolloutState,
  rolloutStates,
  type WaveCount,
  waveOf,
} from './rollout/plan.ts';
export { isOnRoster, Roster, type RosterPlace } from './rollout/roster.ts';
export { paced, verifiedTarget } from './verification/bytes.ts';
export { signersOf } from './verification/threshold.ts';
