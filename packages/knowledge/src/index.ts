/** What Wardline knows before it has seen anything: data with a schema, provenance and licence, and how to ask it. */
export { type Baseline, type InterfaceKind, interfaceKinds, type RiskyInterface } from './baseline-schema.ts';
export type { Baselines } from './baselines.ts';
export { type Checklist, loadNfcChecklist } from './checklist.ts';
export {
  type Catalogue,
  Controls,
  catalogueStandings,
  controlGroupKinds,
  controlRef,
  type EvidenceQuery,
  obligations,
  type PlacedControl,
} from './controls.ts';
export type { KnownCredential } from './default-credentials.ts';
export { type FingerprintFile, type FingerprintRule, fingerprintFileSchema } from './fingerprint-schema.ts';
export type { FingerprintMatch, FingerprintTable } from './fingerprint-table.ts';
export type { Hazard, Hazards } from './hazards.ts';
export { commonPasswordDigests, knowledgeFiles, loadKnowledge } from './load.ts';
export { describeFault, KnowledgeError, type KnowledgeFault } from './located-error.ts';
export { catalogueOfOscal } from './oscal-catalogue.ts';
export { isLocallyAdministered, isMulticast } from './oui.ts';
export { readKnowledgeFolder } from './own-folder.ts';
export { type Knowledge, type KnowledgeFile, parseKnowledge } from './parse-knowledge.ts';
export {
  type IncidentRole,
  incidentRoles,
  loadPlaybooks,
  type Playbook,
  type PlaybookStep,
  playbookFaults,
} from './playbooks.ts';
export type { DeviceClass, DeviceGroup, EndOfSupport, FindingRule, Protocol, Vendor } from './schema.ts';
export type { Taxonomy } from './taxonomy.ts';
export type { Threats } from './threats.ts';
export { plainName, type VendorNames } from './vendors.ts';
export { nounOf, withArticle } from './wording.ts';
