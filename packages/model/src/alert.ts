import { z } from 'zod';
import { criticalities } from './asset.ts';
import { evidenceSchema } from './evidence.ts';
import { harms, severities } from './finding.ts';

/** What watching can find, by name; a detection's name never changes, since exports and rules of others rest on it. */
export const detections = [
  'new-device',
  'new-peer',
  'new-service',
  'unusual-volume',
  'unusual-time',
  'silence',
  'identity-change',
  'clear-text-downgrade',
  'unsafe-command',
  'new-command',
  'horizontal-scan',
  'vertical-scan',
  'address-sweep',
  'brute-force',
  'password-spraying',
  'default-credential',
  'beaconing',
  'exfiltration',
  'dns-tunnel',
  'icmp-tunnel',
  'failed-names',
  'arp-spoofing',
  'neighbour-spoofing',
  'rogue-dhcp',
  'rogue-dns',
  'rogue-router',
  'name-poisoning',
  'dhcp-starvation',
  'address-flood',
  'lateral-movement',
  'ransomware',
  'flood',
  'protocol-misuse',
  'impersonation',
  'attack-tool',
  'clock-drift',
  'policy-drift',
  'rogue-access-point',
  'deauthentication-flood',
  'signature',
  'own-rule',
  'sensor-silent',
] as const;
export type Detection = (typeof detections)[number];

/** How sure a detection is that what it saw was no normal work. */
export const alertConfidences = ['high', 'medium', 'low'] as const;
export type AlertConfidence = (typeof alertConfidences)[number];

/** One side of an alert: an asset where it is known as one, else an address. */
export const alertPartySchema = z.strictObject({
  /** What the watch calls it: an asset's id where assets are known, else its IP or hardware address. */
  key: z.string().min(1).max(128),
  asset: z.string().max(128).nullable(),
  name: z.string().max(200),
  mac: z.string().max(17).nullable(),
  ip: z.string().max(45).nullable(),
  /** For people; null where it is unknown what it is. */
  classLabel: z.string().max(200).nullable(),
  criticality: z.enum(criticalities),
  /** Outside the addresses of private networks. */
  outside: z.boolean(),
});
export type AlertParty = z.infer<typeof alertPartySchema>;

/** Targets that an alert names at the most; `targetCount` is all of them. */
export const TARGETS_NAMED = 16;
/** Packets that an alert, and a story, points to at the most. */
export const EVIDENCE_NAMED = 8;

const sentence = z.string().max(2000);

/**
 * Something that was seen and is no normal work, by one detection. The same behaviour going on is the same alert: its
 * id stays, its count and `lastSeen` grow.
 */
export const alertSchema = z.strictObject({
  id: z.string().min(8).max(64),
  detection: z.enum(detections),
  title: z.string().max(200),
  severity: z.enum(severities),
  confidence: z.enum(alertConfidences),
  harms: z.array(z.enum(harms)).max(3),
  /** Technique of MITRE ATT&CK (Enterprise or ICS), where one fits. */
  technique: z.string().max(20).nullable(),
  /** Who did it; null where the wire does not tell. */
  actor: alertPartySchema.nullable(),
  /** To whom, the first ones. */
  targets: z.array(alertPartySchema).max(TARGETS_NAMED),
  targetCount: z.int().min(0),
  service: z
    .strictObject({
      transport: z.string().max(10),
      port: z.int().min(0).max(65_535).nullable(),
      application: z.string().max(32).nullable(),
    })
    .nullable(),
  /** What was seen, in one sentence with its numbers. */
  summary: sentence,
  /** What it means for patients and their data, or for operations. */
  meaning: sentence,
  /** What to do first. */
  advice: sentence,
  /** `baseline`: it departs from what was learnt; `wrong-in-itself`: it needs no learning; `policy`: the policy in force denies it. */
  basis: z.enum(['baseline', 'wrong-in-itself', 'policy']),
  firstSeen: z.int(),
  lastSeen: z.int(),
  count: z.int().min(1),
  evidence: z.array(evidenceSchema).max(EVIDENCE_NAMED),
  /** Figures that the sentence rests on, for other programs. */
  facts: z.record(z.string().max(40), z.union([z.string().max(256), z.number(), z.boolean()])),
});
export type Alert = z.infer<typeof alertSchema>;

/** Where a story stands with people. */
export const storyStates = ['open', 'taken', 'acknowledged', 'resolved'] as const;
export type StoryState = (typeof storyStates)[number];
/** What it turned out to be: an attack or failure; something real that does no harm (an audit, a move); nothing at all. */
export const storyVerdicts = ['true', 'benign', 'false-alarm'] as const;
export type StoryVerdict = (typeof storyVerdicts)[number];

/** Alerts that belong together: one actor's doings, and what followed from them. A person reads stories, not alerts. */
export const storySchema = z.strictObject({
  id: z.string().min(8).max(64),
  title: z.string().max(200),
  severity: z.enum(severities),
  confidence: z.enum(alertConfidences),
  harms: z.array(z.enum(harms)).max(3),
  /** 0 to 100, for the order of a list only: harm to patients counts most. */
  rank: z.number().min(0).max(100),
  summary: sentence,
  meaning: sentence,
  advice: sentence,
  actor: alertPartySchema.nullable(),
  targets: z.array(alertPartySchema).max(TARGETS_NAMED),
  targetCount: z.int().min(0),
  detections: z.array(z.enum(detections)),
  /** In order of time. */
  alerts: z.array(alertSchema),
  firstSeen: z.int(),
  lastSeen: z.int(),
});
export type Story = z.infer<typeof storySchema>;
