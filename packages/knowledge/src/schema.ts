import { criticalities, dataSensitivities, harms, severities } from '@wardline/model';
import { z } from 'zod';
import { patternFault } from './regex-safety.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const label = z.string().min(1).max(120);
/** Where a file's content comes from, and under which licence it may be passed on. */
const provenance = { source: z.string().min(3), licence: z.string().min(2) };

export const deviceGroupSchema = z.strictObject({ id, label, clinical: z.boolean() });
export type DeviceGroup = z.infer<typeof deviceGroupSchema>;

export const deviceClassSchema = z.strictObject({
  id,
  label,
  group: id,
  /** The wider class that it is a kind of. */
  parent: id.optional(),
  criticality: z.enum(criticalities),
  dataSensitivity: z.enum(dataSensitivities),
  description: z.string().min(10).max(300),
});
export type DeviceClass = z.infer<typeof deviceClassSchema>;

export const classesFileSchema = z.strictObject({
  ...provenance,
  groups: z.array(deviceGroupSchema).default([]),
  classes: z.array(deviceClassSchema).default([]),
  /** Pairs of classes that one machine often is at once: evidence of one does not speak against the other. */
  compatible: z.array(z.tuple([id, id])).default([]),
});

export const vendorSchema = z.strictObject({
  name: label,
  /** Names under which it appears; a longer text that starts with the words of an alias is the same maker. */
  aliases: z.array(z.string().min(2).max(80)).min(1),
  /** The name of the wider house: its products carry either name. */
  family: label.optional(),
  /** Classes that it is known for; a weak hint. */
  hints: z.array(id),
  medical: z.boolean().optional(),
  /** Makes network parts that are built into other makers' devices: its address blocks say nothing of the maker. */
  component: z.boolean().optional(),
});
export type Vendor = z.infer<typeof vendorSchema>;
export const vendorsFileSchema = z.strictObject({ ...provenance, vendors: z.array(vendorSchema) });

export const protocolSchema = z.strictObject({
  /** The dissector's name, as in `Conversation.application`. */
  name: z.string().regex(/^[a-z0-9.-]+$/),
  label,
  clinical: z.boolean(),
  /** Carries patient data by its nature. */
  phi: z.boolean(),
  /** Not encrypted unless something below it is. */
  clear: z.boolean(),
  ports: z.array(z.int().min(1).max(65_535)),
});
export type Protocol = z.infer<typeof protocolSchema>;
export const protocolsFileSchema = z.strictObject({ ...provenance, protocols: z.array(protocolSchema) });

export const findingRuleSchema = z.strictObject({
  id,
  title: label,
  severity: z.enum(severities),
  harms: z.array(z.enum(harms)),
  remedy: z.string().min(10).max(600),
});
export type FindingRule = z.infer<typeof findingRuleSchema>;
export const findingsFileSchema = z.strictObject({ ...provenance, rules: z.array(findingRuleSchema) });

export const endOfSupportSchema = z.strictObject({
  name: label,
  /** Matched without case on what an asset's operating system is believed to be. */
  pattern: z.string().refine((text) => patternFault(text) === null, 'a safe regular expression'),
  /** The last day with security updates for everybody, as `2020-01-14`. */
  ended: z.iso.date(),
});
export type EndOfSupport = z.infer<typeof endOfSupportSchema>;
export const lifecycleFileSchema = z.strictObject({
  ...provenance,
  operatingSystems: z.array(endOfSupportSchema),
});
