/** Zones and conduits → sets of packets; compiled, read back from the compiled text, and proved over all packets. */
export * from './admission.ts';
export { compileCiscoIos } from './compile/cisco-ios.ts';
export { type Compiled, isWithin } from './compile/compiled.ts';
export { compileNftables, LOG_GROUP } from './compile/nftables.ts';
export { type Containment, contain, type Kept } from './contain.ts';
export { Decider } from './decide.ts';
export { type Declaration, type Held as HeldDeclared, holdDeclared } from './declared.ts';
export type { Diagnostic, Place } from './language/diagnostic.ts';
export { type Parsed, parsePolicy } from './language/parse.ts';
export { printPolicy, printUse } from './language/print.ts';
export { type LearnOptions, type Learnt, learn, type Proposal } from './learn.ts';
export {
  joinFiles,
  type ListingKind,
  readListing,
  splitFiles,
  withoutPolicy,
} from './listing.ts';
export { exportMud, type MudAbout } from './mud/export-mud.ts';
export { type MudChange, type MudSite, type Narrowed, narrowToMud } from './mud/narrow.ts';
export type { MudProfile } from './mud/profile.ts';
export { readMud } from './mud/read-mud.ts';
export { checkNetwork, type NetworkCheck } from './network/check-network.ts';
export { type Finding, type FindingCode, type Severity, severities } from './network/finding.ts';
export type { Reach } from './network/reach.ts';
export { type Contradiction, contradictions, type Permit, permitsOf } from './permits.ts';
export * from './policy.ts';
export type { Certificate, FamilyCertificate } from './prove/certificate.ts';
export { type Checked, checkCertificate, type Refused } from './prove/check.ts';
export { type CounterExample, certify, type Proof, prove } from './prove/prove.ts';
export { type IosResult, readCiscoIos } from './read/cisco-ios.ts';
export type { FileOf } from './read/haproxy.ts';
export { readNftables } from './read/nftables/index.ts';
export {
  type AttributeChange,
  type Authorised,
  asAuthorised,
  authorised,
  type Move,
  type Reauthorisation,
  reauthorise,
} from './reauthorise.ts';
export { repliesTo } from './replies.ts';
export { type PolicyAsset, type Resolved, resolvePolicy } from './resolve.ts';
export {
  decidingLine,
  type ReadFault,
  type ReadResult,
  type Ruleset,
  type Shadow,
  shadowsOf,
} from './ruleset.ts';
export {
  ConversationJudge,
  compareDrafts,
  type Effect,
  type Recorded,
  type Simulation,
  simulate,
} from './simulate.ts';
export { formatAddress, parseAddress, parseAddressRange } from './space/addresses.ts';
export { describePacket, type Packet } from './space/packet.ts';
export { stagedPolicy } from './stage.ts';
export {
  isTargetName,
  type ReadList,
  type ReadTarget,
  type Target,
  type TargetName,
  targetNames,
  targets,
} from './targets.ts';
export { isOfLifeCritical, type Running, type Turn, turn } from './turn.ts';
