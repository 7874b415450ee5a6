import { z } from 'zod';
import { criticalities, dataSensitivities } from './asset.ts';
import { harms, severities } from './finding.ts';

const sentence = z.string().max(2000);
const name = z.string().max(500);

/** How an asset is reached, from the least grave. */
export const exposures = ['excluded', 'small', 'controlled', 'open'] as const;

/** How an asset can be reached: at least as far as was seen, at most as far as nothing excludes. */
export const assetExposureSchema = z.strictObject({
  shown: z.enum(exposures),
  notExcluded: z.enum(exposures),
  /** Where the way begins. */
  because: sentence,
});
export type AssetExposure = z.infer<typeof assetExposureSchema>;

/** Severity of harm in the terms of ISO 14971, from the least. */
export const harmSeverities = ['negligible', 'minor', 'serious', 'critical', 'catastrophic'] as const;
export type HarmSeverity = (typeof harmSeverities)[number];

/** What is done to a device, from the least grave. */
export const hazardKinds = ['degraded', 'lost', 'controlled'] as const;
export type HazardKind = (typeof hazardKinds)[number];

export const hazardousSituationSchema = z.strictObject({
  severity: z.enum(harmSeverities),
  /** A clause: what is then the case at the device. */
  situation: z.string().min(5).max(200),
  /** A clause: what that does to a patient. */
  harm: z.string().min(5).max(200),
});
export type HazardousSituation = z.infer<typeof hazardousSituationSchema>;

/** An asset, as far as a risk depends on it. */
export const riskAssetSchema = z.strictObject({
  id: name,
  name,
  /** For people; null where it is unknown what it is. */
  classLabel: name.nullable(),
  /** What failure or misuse does to a patient; null where it is unknown what the device is. */
  hazards: z
    .strictObject({
      degraded: hazardousSituationSchema,
      lost: hazardousSituationSchema,
      controlled: hazardousSituationSchema,
    })
    .nullable(),
  criticality: z.enum(criticalities),
  dataSensitivity: z.enum(dataSensitivities),
  /** It serves many patients' data by its nature; null where it is unknown what it is. */
  manyPatients: z.boolean().nullable(),
  /** Other assets that were seen to use it. */
  dependents: z.int().min(0),
  /** Null where reach was not worked out. */
  exposure: assetExposureSchema.nullable(),
});
export type RiskAsset = z.infer<typeof riskAssetSchema>;

/** A published weakness and what is known of its use. */
export const weaknessSourceSchema = z.strictObject({
  kind: z.literal('weakness'),
  id: name,
  /** CVSS 2.0, 3.x or 4.0; null where nobody gives one. */
  vector: name.nullable(),
  /** Since when KEV lists it; `not-listed` in the catalogue that was read; null where none was read. */
  kev: name.nullable(),
  /** Probability by EPSS of that day; null where EPSS tells nothing of it, which is not the same as never. */
  epss: z.strictObject({ probability: z.number().min(0).max(1), date: name }).nullable(),
  /** CISA's decision points (SSVC), by name. */
  ssvc: z.record(z.string().max(200), z.string().max(200)),
});
export type WeaknessSource = z.infer<typeof weaknessSourceSchema>;

/** A finding of a rule about this asset. */
export const findingSourceSchema = z.strictObject({
  kind: z.literal('finding'),
  id: name,
  rule: name,
  title: name,
  severity: z.enum(severities),
  harms: z.array(z.enum(harms)).max(3),
});
export type FindingSource = z.infer<typeof findingSourceSchema>;

export const riskSourceSchema = z.discriminatedUnion('kind', [weaknessSourceSchema, findingSourceSchema]);
export type RiskSource = z.infer<typeof riskSourceSchema>;

/** ISO 14971, 7.1: the order in which controls are to be preferred. */
export const controlKinds = ['inherent', 'protective', 'information'] as const;
/** What a control acts on: how it is reached, how easily it is exploited, or what is harmed. */
export const controlTargets = ['exposure', 'exploitability', 'patient', 'privacy', 'operations'] as const;
export type ControlTarget = (typeof controlTargets)[number];

/** A compensating control. It counts only while it is verified. */
export const riskControlSchema = z.strictObject({
  id: name,
  text: sentence,
  kind: z.enum(controlKinds),
  strength: z.enum(['partial', 'strong']),
  on: z.array(z.enum(controlTargets)).min(1).max(5),
  /** Who or what showed that it works, and how; null where it is only claimed. */
  verification: z.strictObject({ by: name, evidence: sentence, at: z.int(), until: z.int() }).nullable(),
});
export type RiskControl = z.infer<typeof riskControlSchema>;

/** Everything that a score rests on. */
export const riskInputSchema = z.strictObject({
  asset: riskAssetSchema,
  source: riskSourceSchema,
  /** Whether the asset has the weakness at all. */
  presence: z.enum(['affected', 'unknown']),
  controls: z.array(riskControlSchema).max(50),
  /** Which moment it is judged at: verification of controls runs out. */
  at: z.int(),
});
export type RiskInput = z.infer<typeof riskInputSchema>;

/** A decision table as data: it can be printed, kept with a score and worked through by hand. */
export const tableDocumentSchema = z.strictObject({
  name,
  version: name,
  points: z.array(name).min(1).max(5),
  outcome: name,
  /** One outcome for each combination, the last point turning fastest, each point from its least grave value. */
  cells: z.array(name).max(1000),
});
export type TableDocument = z.infer<typeof tableDocumentSchema>;

/** NIST SP 800-30, from the least. */
export const riskLevels = ['very low', 'low', 'moderate', 'high', 'very high'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** The least and the most that is possible; the same where it is known. */
const span = <T extends readonly [string, ...string[]]>(words: T) =>
  z.strictObject({ from: z.enum(words), to: z.enum(words) });
export const levelSpanSchema = span(riskLevels);
export type LevelSpan = z.infer<typeof levelSpanSchema>;

const ratedSchema = z.strictObject({
  severity: span(harmSeverities),
  exploitability: span(riskLevels),
  level: levelSpanSchema,
});
const axisScoreSchema = ratedSchema.extend({ residual: ratedSchema });

/** FDA's postmarket question, by the harm to patients that is left; unknown where both answers are possible. */
export const controlAnswers = ['uncontrolled', 'unknown', 'controlled'] as const;

/** A score in words: three axes, and nothing that joins them into one. */
export const toldScoreSchema = z.strictObject({
  patient: axisScoreSchema,
  privacy: axisScoreSchema,
  operations: axisScoreSchema,
  control: z.enum(controlAnswers),
});
export type ToldScore = z.infer<typeof toldScoreSchema>;

/** A score with all that it takes to work it out again, without a server. */
export const riskRecordSchema = z.strictObject({
  format: z.literal('wardline-risk-1'),
  input: riskInputSchema,
  tables: z.array(tableDocumentSchema).max(20),
  score: toldScoreSchema,
  sentences: z.array(sentence).max(100),
});
export type RiskRecord = z.infer<typeof riskRecordSchema>;
