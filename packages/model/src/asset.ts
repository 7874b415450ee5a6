import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
import { evidenceSchema } from './evidence.ts';

/** Clinical criticality. Life-critical: its loss can kill or injure a patient within minutes. */
export const criticalities = ['life-critical', 'high', 'medium', 'low', 'unknown'] as const;
export type Criticality = (typeof criticalities)[number];

/** Does it create, receive, maintain or transmit protected health information (45 CFR 160.103)? */
export const dataSensitivities = ['phi', 'possible-phi', 'no-phi', 'unknown'] as const;
export type DataSensitivity = (typeof dataSensitivities)[number];

export const strengths = ['strong', 'medium', 'weak'] as const;
export type Strength = (typeof strengths)[number];

export const attributes = [
  'vendor',
  'family',
  'model',
  'serial',
  'software',
  'os',
  'class',
  'criticality',
  'dataSensitivity',
  'hostname',
  'location',
] as const;
export type Attribute = (typeof attributes)[number];

export const attributeWords: Readonly<Record<Attribute, string>> = {
  vendor: 'Vendor',
  family: 'Product family',
  model: 'Model',
  serial: 'Serial number',
  software: 'Software version',
  os: 'Operating system',
  class: 'Device class',
  criticality: 'Clinical criticality',
  dataSensitivity: 'Data sensitivity',
  hostname: 'Host name',
  location: 'Location',
};

/**
 * Names that a system goes by in clinical protocols. It may have several, all of them true, so they are claimed and
 * shown, and never weighed against each other.
 */
export const identifiers = [
  'aeTitle',
  'implementationClassUid',
  'implementationVersion',
  'hl7Application',
  'hl7Facility',
] as const;
export type Identifier = (typeof identifiers)[number];

/** Somebody or something says that an attribute has a value. */
export const claimSchema = z.object({
  attribute: z.enum([...attributes, ...identifiers]),
  value: z.string().max(512),
  /** The sighting's kind and fact, as `dicom.equipment/model`, or `register`, `oui`, `knowledge`. */
  source: z.string().max(80),
  strength: z.enum(strengths),
  /** Claims of one group rest on the same ground and count once. */
  group: z.string().max(120),
  /** One sentence a biomedical engineer can check. */
  reason: z.string().max(600),
  firstSeen: z.int(),
  lastSeen: z.int(),
  count: z.int().min(1),
  evidence: z.array(evidenceSchema).max(8),
});
export type Claim = z.infer<typeof claimSchema>;

/** What is believed of one attribute; `value` is null where the answer is unknown. */
export const conclusionSchema = z.object({
  value: z.string().nullable(),
  /** 0 to 1; the published calibration says how often such a conclusion is right. */
  confidence: z.number().min(0).max(1),
  reason: z.string(),
  /** Other values with support, best first: shown, never dropped. */
  conflicts: z.array(z.object({ value: z.string(), confidence: z.number(), reason: z.string() })),
});
export type Conclusion = z.infer<typeof conclusionSchema>;

/** Why two endpoints are one asset. */
export const joinSchema = z.object({
  endpoints: z.tuple([endpointSchema, endpointSchema]),
  /** `same-mac`, `arp`, `dhcp`, `routed`, `serial`, `ssh-hostkey`, `lldp`, `person`, … */
  rule: z.string().max(40),
  reason: z.string().max(600),
  evidence: z.array(evidenceSchema).max(4),
});
export type Join = z.infer<typeof joinSchema>;

/** What a scanner says of a service; what was seen on the wire counts before it. */
export const serviceScanSchema = z.object({
  scanner: z.string(),
  /** `port`: the name is a guess from the number of its port. */
  basis: z.enum(['answer', 'port']),
  name: z.string().nullable(),
  software: z.string().nullable(),
  /** Something else answered there on the wire than what the scanner recognised. */
  contradicted: z.boolean(),
  lastSeen: z.int(),
  evidence: evidenceSchema,
});
export type ServiceScan = z.infer<typeof serviceScanSchema>;

/** Software that a scanner found on the asset, as CPE. */
export const scannedSoftwareSchema = z.object({
  cpe: z.string(),
  scanner: z.string(),
  lastSeen: z.int(),
  evidence: evidenceSchema,
});
export type ScannedSoftware = z.infer<typeof scannedSoftwareSchema>;

/** A service that the asset was seen to offer, since it answered, or that was open to a scanner. */
export const serviceSchema = z.object({
  transport: z.string(),
  port: z.int().nullable(),
  application: z.string().nullable(),
  protection: z.string(),
  banner: z.string().nullable(),
  clients: z.int(),
  firstSeen: z.int(),
  lastSeen: z.int(),
  evidence: evidenceSchema,
  /** Where a scanner found it open; without clients nobody but a scanner has. */
  scan: serviceScanSchema.optional(),
});
export type Service = z.infer<typeof serviceSchema>;

/** A device or system as observation shows it. */
export const assetSchema = z.object({
  id: z.string(),
  name: z.string(),
  vendor: conclusionSchema,
  family: conclusionSchema,
  model: conclusionSchema,
  serial: conclusionSchema,
  software: conclusionSchema,
  os: conclusionSchema,
  /** A class of the knowledge's taxonomy, by id. */
  class: conclusionSchema,
  criticality: conclusionSchema,
  dataSensitivity: conclusionSchema,
  location: conclusionSchema,
  endpoints: z.array(endpointSchema),
  macs: z.array(z.string()),
  ips: z.array(z.string()),
  hostnames: z.array(z.string()),
  vlans: z.array(z.int()),
  services: z.array(serviceSchema),
  /** Absent where no scan named any. */
  scannedSoftware: z.array(scannedSoftwareSchema).optional(),
  claims: z.array(claimSchema),
  joins: z.array(joinSchema),
  firstSeen: z.int(),
  lastSeen: z.int(),
});
export type Asset = z.infer<typeof assetSchema>;

/** A person's word on identity, kept for ever; an undone one no longer counts. */
export const identityDecisionSchema = z.object({
  id: z.string(),
  kind: z.enum(['merge', 'split']),
  /** Endpoint keys. `merge`: all are one asset. `split`: the first set is not the same asset as the second. */
  left: z.array(z.string()).min(1),
  right: z.array(z.string()).min(1),
  reason: z.string(),
});
export type IdentityDecision = z.infer<typeof identityDecisionSchema>;
