import type { Criticality, DataSensitivity, Harm, Identifier, Severity } from '../api/types.ts';

/** How sure, in the words a person uses. The number stands beside it, never alone. */
export function confidenceWord(confidence: number): string {
  if (confidence >= 0.95) return 'certain';
  if (confidence >= 0.8) return 'very likely';
  if (confidence >= 0.6) return 'likely';
  if (confidence >= 0.35) return 'a guess';
  return 'hardly known';
}

export const criticalityWords: Record<Criticality, string> = {
  'life-critical': 'Life-critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  unknown: 'Unknown',
};

export const sensitivityWords: Record<DataSensitivity, string> = {
  phi: 'Patient data',
  'possible-phi': 'Possibly patient data',
  'no-phi': 'No patient data',
  unknown: 'Unknown',
};

export const severityWords: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Note',
};

export const harmWords: Record<Harm, string> = {
  patient: 'Patients',
  privacy: 'Privacy',
  operations: 'Operations',
};

/** Fields of the hospital's register, as a person reads them. */
export const registerFieldWords: Readonly<Record<string, string>> = {
  row: 'Row of the file',
  tag: 'Tag',
  vendor: 'Vendor',
  model: 'Model',
  serial: 'Serial number',
  class: 'Device class',
  macs: 'Hardware addresses',
  ips: 'IP addresses',
  hostname: 'Host name',
  software: 'Software version',
  department: 'Department',
  location: 'Location',
  owner: 'Owner',
  criticality: 'Clinical criticality',
  status: 'Status',
  notes: 'Notes',
};

export const registerWords: Record<string, string> = {
  matched: 'Matched',
  shadow: 'Not in register',
  missing: 'Not seen',
  conflicting: 'Conflicting',
};

export type ProtectionStrength = 'protected' | 'outdated' | 'clear' | 'unknown';

const strengths: Record<string, ProtectionStrength> = {
  clear: 'clear',
  ssl2: 'outdated',
  ssl3: 'outdated',
  'tls1.0': 'outdated',
  'tls1.1': 'outdated',
  ssh1: 'outdated',
  'tls1.2': 'protected',
  'tls1.3': 'protected',
  dtls: 'protected',
  ssh2: 'protected',
  ipsec: 'protected',
  encrypted: 'protected',
};

export function protectionStrength(protection: string): ProtectionStrength {
  return strengths[protection] ?? 'unknown';
}

const weakestFirst: ProtectionStrength[] = ['clear', 'outdated', 'unknown', 'protected'];

/** A relation of several conversations looks like its weakest one. */
export function weakestProtection(protections: readonly string[]): ProtectionStrength {
  const found = protections.map(protectionStrength);
  return weakestFirst.find((strength) => found.includes(strength)) ?? 'unknown';
}

const protectionNames: Record<string, string> = {
  clear: 'In clear',
  ssl2: 'SSL 2',
  ssl3: 'SSL 3',
  'tls1.0': 'TLS 1.0',
  'tls1.1': 'TLS 1.1',
  'tls1.2': 'TLS 1.2',
  'tls1.3': 'TLS 1.3',
  dtls: 'DTLS',
  ssh1: 'SSH 1',
  ssh2: 'SSH 2',
  ipsec: 'IPsec',
  encrypted: 'Encrypted',
  unknown: 'Unknown',
};

export function protectionWord(protection: string): string {
  return protectionNames[protection] ?? protection;
}

export const lossWords: Record<string, string> = {
  'truncated-frame': 'frames cut short by the capture',
  'unknown-link': 'frames of an unknown link type',
  'fragment-overlap': 'IP fragments that contradict each other',
  'fragment-damaged': 'malformed IP fragments',
  'encrypted-link': 'frames encrypted below IP',
  'kernel-dropped': 'packets that the capturing machine lost',
  'sensor-killed': 'sensors that ended in the middle of a stream',
  'server-put-back': 'batches lost by putting the database back',
  'spool-conversations': 'conversations given up by a sensor whose spool was full',
  'spool-damaged': 'batches damaged on a sensor’s disk',
  'spool-sightings': 'sightings given up by a sensor whose spool was full',
  'radio-encrypted': 'encrypted radio frames',
  'radio-connection': 'Bluetooth packets within connections',
  'radio-control': 'radio frames that only control the air',
  'radio-checksum': 'radio frames received with errors',
  'radio-fragment': 'parts of fragmented radio frames',
  'nested-link': 'frames with too many layers below IP',
  'truncated-ip': 'IP packets cut short',
  'malformed-ip': 'malformed IP packets',
  'other-ethertype': 'frames of a protocol that is not read',
};

/** A cause as the server writes it (`truncated-frame`) in readable words. */
export function plain(id: string): string {
  const fault = /^fault-(.+)$/.exec(id)?.[1];
  if (fault) return `times the reader of ${fault} broke off (a fault of Wardline)`;
  return lossWords[id] ?? id.replaceAll(/[-_.]/g, ' ');
}

/** The filter's word for conversations that no dissector recognised. */
export const NO_APPLICATION = 'none';

export function applicationWord(application: string): string {
  return application === NO_APPLICATION || application === 'unknown' ? 'Not recognised' : application;
}

const joinedByWords: Record<string, string> = {
  mac: 'MAC address',
  ip: 'IP address',
  serial: 'Serial number',
  hostname: 'Host name',
};

/** By what a line of the register was found on the network. */
export function joinedBy(id: string): string {
  return joinedByWords[id] ?? plain(id);
}

/** The names that a system goes by in clinical protocols. */
export const identifierWords: Record<Identifier, string> = {
  aeTitle: 'DICOM AE title',
  implementationClassUid: 'DICOM implementation class UID',
  implementationVersion: 'DICOM implementation version',
  hl7Application: 'HL7 application',
  hl7Facility: 'HL7 facility',
};

/** Where a role holds. */
export function scopeWords({ sites, zones }: { sites: number[] | null; zones: string[] | null }): string {
  const parts = [
    ...(sites === null ? [] : [`at site ${sites.join(', ')}`]),
    ...(zones === null ? [] : [`in ${zones.join(', ')}`]),
  ];
  return parts.join(' ') || 'everywhere';
}

/** What a person typed with commas between; null where nothing. */
export function listTyped(text: string): string[] | null {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.length === 0 ? null : parts;
}
