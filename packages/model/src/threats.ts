import { z } from 'zod';
import { dataSensitivities } from './asset.ts';
import { harms } from './finding.ts';
import { hazardKinds } from './risk.ts';

/** What an attacker does, in the order in which a person reads it. */
export const threatKinds = [
  'unsafe-command',
  'tampering',
  'denial-of-service',
  'misuse',
  'supply-chain',
  'disclosure',
] as const;
export type ThreatKind = (typeof threatKinds)[number];

/** What of a device or of a data flow makes a threat possible. */
export const threatTraits = [
  'listens',
  'web',
  'clear-login',
  'file-sharing',
  'remote-screen',
  'database',
  'management',
  'debug',
  'clinical-messages',
  'control-messages',
  'patient-data',
  'wireless',
  'drives',
  'updates',
  'internet',
  'protected',
] as const;
export type ThreatTrait = (typeof threatTraits)[number];

/** Open: something that was seen makes it possible. Mitigated: it was seen, or verified by a person, that it is not. */
export const threatStandings = ['open', 'unknown', 'mitigated'] as const;
export type ThreatStanding = (typeof threatStandings)[number];

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/);
const clause = z.string().min(10).max(400);

export const threatSchema = z.strictObject({
  id,
  kind: z.enum(threatKinds),
  /** Of a device, or of what passes between two. */
  on: z.enum(['device', 'flow']),
  title: z.string().min(5).max(120),
  /** How it is done, in a sentence or two. */
  how: clause,
  /** What it does to the device, by which the hazards of its class tell the harm to a patient; null: none. */
  effect: z.enum(hazardKinds).nullable(),
  harms: z.array(z.enum(harms)).min(1),
  /** Only these classes, and those of these groups; without either, every class. */
  classes: z.array(id).default([]),
  groups: z.array(id).default([]),
  /** Only devices whose data are one of these; without any, whatever they hold. */
  data: z.array(z.enum(dataSensitivities)).default([]),
  /** Any one of these makes it possible; without any, it always is. */
  when: z.array(z.enum(threatTraits)).default([]),
  /** Rules whose open findings show that it is possible here. */
  opened: z.array(id).default([]),
  /** A published weakness that the device has shows it too. */
  weaknesses: z.boolean().default(false),
  /** What, where it was seen, shows that it is not: a way that is closed, or a flow that is protected. */
  shown: z.array(z.enum(['reach', 'protection'])).default([]),
  /** What answers it, each with the mitigations of EMB3D that it carries out. */
  controls: z
    .array(z.strictObject({ text: clause, emb3d: z.array(z.string().regex(/^MID-\d{3}$/)).default([]) }))
    .min(1),
  /** Threats of MITRE EMB3D. */
  emb3d: z.array(z.string().regex(/^TID-\d{3}$/)).default([]),
  /** Techniques of MITRE ATT&CK for ICS. */
  attack: z.array(z.string().regex(/^T0\d{3}$/)).default([]),
});
export type Threat = z.infer<typeof threatSchema>;
