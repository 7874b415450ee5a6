import { z } from 'zod';
import { dataSensitivities } from '../asset.ts';
import { harms } from '../finding.ts';
import { harmSeverities } from '../risk.ts';
import { threatKinds, threatStandings } from '../threats.ts';
import { instant, reasonBody } from './common.ts';

/** A control against a threat as a person named it, and whether somebody else has seen it work. */
export const threatAnswerSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** `class`: it is said of every device of the class. */
  on: z.enum(['asset', 'class']),
  addedBy: z.string(),
  added: instant,
  verifiedBy: z.string().nullable(),
  evidence: z.string().nullable(),
  holdsUntil: instant.nullable(),
});
export type ThreatAnswerTold = z.infer<typeof threatAnswerSchema>;

/** What a threat is, whomever it threatens. */
const threatFace = z.object({
  id: z.string(),
  kind: z.enum(threatKinds),
  title: z.string(),
  how: z.string(),
  harms: z.array(z.enum(harms)),
  /** What answers it, with the mitigations of MITRE EMB3D by their ids. */
  controls: z.array(z.object({ text: z.string(), emb3d: z.array(z.string()) })),
  emb3d: z.array(z.string()),
  attack: z.array(z.string()),
});

const standing = z.enum(threatStandings);

export const weighedThreatSchema = threatFace.extend({
  standing,
  /** Whether the device has what the threat needs is unknown. */
  onlyPossible: z.boolean(),
  because: z.array(z.string()),
  severity: z.enum(harmSeverities).nullable(),
  harm: z.string().nullable(),
  /** Risks of the register that belong to it. */
  risks: z.array(z.string()),
  answers: z.array(threatAnswerSchema),
});
export type WeighedThreatTold = z.infer<typeof weighedThreatSchema>;

export const flowThreatsSchema = z.object({
  /** What the asset is in it. */
  role: z.enum(['client', 'server']),
  peer: z.object({ id: z.string(), name: z.string() }),
  /** As `tcp/2575`. */
  service: z.string(),
  application: z.string().nullable(),
  label: z.string(),
  protections: z.array(z.string()),
  threats: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(threatKinds),
      title: z.string(),
      standing,
      onlyPossible: z.boolean(),
      because: z.array(z.string()),
      severity: z.enum(harmSeverities).nullable(),
    }),
  ),
});
export type FlowThreats = z.infer<typeof flowThreatsSchema>;

export const assetThreatsResponse = z.object({
  asOf: instant,
  name: z.string(),
  deviceClass: z.string().nullable(),
  classLabel: z.string().nullable(),
  dataSensitivity: z.enum(dataSensitivities),
  /** What is open first. */
  threats: z.array(weighedThreatSchema),
  ruledOut: z.array(z.object({ id: z.string(), title: z.string(), because: z.string() })),
  flows: z.array(flowThreatsSchema),
  /** More than are told. */
  moreFlows: z.boolean(),
});
export type AssetThreats = z.infer<typeof assetThreatsResponse>;

const counts = z.object({ open: z.int(), unknown: z.int(), mitigated: z.int() });
const kindOfDevice = z.object({ id: z.string().nullable(), label: z.string() });

export const threatModelsResponse = z.object({
  asOf: instant,
  /** Classes of which there are assets; those with the most severe open threat first. */
  classes: z.array(
    z.object({
      deviceClass: kindOfDevice,
      group: z.string().nullable(),
      assets: z.int(),
      /** Threats by their gravest standing on any asset of the class. */
      threats: counts,
      /** Assets with an open threat. */
      assetsOpen: z.int(),
      /** The worst harm to a patient of what is open; null where nothing is, or it is unknown. */
      severity: z.enum(harmSeverities).nullable(),
    }),
  ),
  /** Kinds of data flow: from a class to a class by one protocol. */
  flows: z.array(
    z.object({
      client: kindOfDevice,
      server: kindOfDevice,
      application: z.string().nullable(),
      label: z.string(),
      /** Pairs of assets that were seen to talk so. */
      pairs: z.int(),
      protections: z.array(z.string()),
      threats: counts,
      open: z.array(z.string()),
    }),
  ),
  moreFlows: z.boolean(),
});
export type ThreatModels = z.infer<typeof threatModelsResponse>;

export const classThreatsResponse = z.object({
  asOf: instant,
  deviceClass: kindOfDevice,
  assets: z.int(),
  threats: z.array(
    threatFace.extend({
      severity: z.enum(harmSeverities).nullable(),
      harm: z.string().nullable(),
      assets: counts.extend({ ruledOut: z.int() }),
      /** Some of those on which it stands worst. */
      worst: z.array(z.object({ id: z.string(), name: z.string(), standing })),
      answers: z.array(threatAnswerSchema),
    }),
  ),
});
export type ClassThreats = z.infer<typeof classThreatsResponse>;

export const threatAnswerBody = z.object({
  on: z.object({ kind: z.enum(['asset', 'class']), id: z.string().min(1).max(200) }),
  /** What is in place, or why the threat is none there. */
  text: z.string().trim().min(3).max(500),
  reason: reasonBody.shape.reason,
});
