/** Foreign formats as typed values, and back. */
export type {
  Advisory,
  AdvisoryFault,
  AdvisoryFormat,
  AdvisoryReading,
  ProductIdentity,
  ProductStatement,
  ProductStatus,
  Vulnerability,
} from './advisories/advisory.ts';
export type { EpssScore } from './advisories/epss.ts';
export { readAdvisory, readWeaknessFile, type WeaknessFile } from './advisories/read.ts';
export type { DecisionTable } from './advisories/ssvc.ts';
export { cefLineOf } from './alerts/cef.ts';
export type { NumberedAlert } from './alerts/numbered.ts';
export { ocsfFindingOf } from './alerts/ocsf.ts';
export { alertFrame, alertText, type Gap, gapFrame, gapOf, type Teller } from './alerts/told.ts';
export type { AuditedAct, AuditSource } from './audit/act.ts';
export { auditMessageOf, checkpointMessageOf } from './audit/atna.ts';
export { auditEventOf } from './audit/fhir.ts';
export { ocsfEventOf } from './audit/ocsf.ts';
export { readReceived } from './audit/received.ts';
export { syslogFrame } from './audit/syslog.ts';
export { type CalendarEntry, writeCalendar } from './calendar/icalendar.ts';
export { writeCsv } from './csv-write.ts';
export { readChanges, readIndex } from './feeds/directory.ts';
export type { FeedEntry } from './feeds/feed.ts';
export { readDigest, readFeedDocument } from './feeds/read.ts';
export { readSecurityTxt, type SecurityContacts } from './feeds/security-contacts.ts';
export { readProviderPlaces } from './feeds/security-txt.ts';
export { type ExchangedDevice, type FhirRelease, fhirDeviceOf, readFhirDevices } from './fhir/device.ts';
export { type FlowDatagram, type FlowListenOptions, readFlowDatagrams } from './flow-exports/read.ts';
export { type Cpe, covers, parseCpe, printCpe, relate } from './identifiers/cpe.ts';
export { type Purl, packageOf, printPurl, readPurl } from './identifiers/purl.ts';
export type {
  Mds2Answer,
  Mds2Edition,
  Mds2Form,
  Mds2Product,
  Mds2Reading,
  Mds2Value,
  Mds2Warning,
} from './mds2/form.ts';
export { readMds2 } from './mds2/read.ts';
export { readKeyring, type SigningKey, verifyDetached } from './openpgp/index.ts';
export { readRecalls } from './recalls/read.ts';
export type { Recall, RecallFile } from './recalls/recall.ts';
export { isWithin } from './recalls/units.ts';
export { guessMapping } from './register/headings.ts';
export { type ParsedRegister, parseRegister } from './register/read.ts';
export { writeRegister } from './register/write.ts';
export { linkedPart, linkOf, linkTo } from './sbom/bom-link.ts';
export { type Converted, cycloneDxOf } from './sbom/convert.ts';
export { type Changed, nameKey, type SbomDifferences, sbomDifferences } from './sbom/differences.ts';
export { describedProduct } from './sbom/product.ts';
export { readSbom, writeSbom } from './sbom/read.ts';
export type {
  Sbom,
  SbomAffected,
  SbomComponent,
  SbomFault,
  SbomFormat,
  SbomHash,
  SbomLicense,
  SbomReading,
  SbomRelationship,
  SbomVulnerability,
} from './sbom/sbom.ts';
export { type OpenedSource, openSensorLog } from './sensor-logs/open.ts';
export {
  readSensorLog,
  type SensorLogFormat,
  type SensorLogOptions,
  type SensorLogSummary,
  sniffSensorLog,
} from './sensor-logs/read.ts';
export {
  type SupplicantFile,
  type SupplicantFormat,
  type SupplicantNetwork,
  supplicantFormats,
} from './supplicant/network.ts';
export { writeSupplicant } from './supplicant/write.ts';
export { SyslogSplitter } from './syslog/framing.ts';
export { readSyslog, type SyslogArrival } from './syslog/read.ts';
export { decodeText } from './text-encoding.ts';
export { findInGudid, GudidFault, type GudidRecord } from './udi/gudid.ts';
export { readUdi } from './udi/read.ts';
export type { Udi, UdiAgency, UdiReading } from './udi/udi.ts';
