import { z } from 'zod';

const name = z.string().max(300);
const sentence = z.string().max(2000);
const ref = z.string().max(120);

/** What is true of a control. Unknown is never counted as met. */
export const controlStatuses = ['met', 'not-met', 'unknown', 'not-applicable'] as const;
export type ControlStatus = (typeof controlStatuses)[number];

/** What a status rests on. A `standard` is as the specifications beneath it are. */
export const statusBases = [
  'computed',
  'computed and attested',
  'attested',
  'decided',
  'standard',
  'none',
] as const;
export type StatusBasis = (typeof statusBases)[number];

/** One of those that a question fails for, or leaves open. */
export const evidenceMemberSchema = z.strictObject({
  kind: z.enum(['asset', 'person', 'risk', 'policy', 'sensor', 'supplier', 'platform', 'other']),
  id: name,
  name,
  answer: z.enum(['fails', 'unknown']),
  /** What was found, in a sentence. */
  note: sentence,
});
export type EvidenceMember = z.infer<typeof evidenceMemberSchema>;

/** What one question of the evidence came back with. */
export const evidenceFactSchema = z.strictObject({
  query: ref,
  /** When the newest was observed that it rests on, microseconds since the epoch; null where nothing ever was. */
  asOf: z.int().nullable(),
  /** How many were looked at. */
  population: z.int().min(0),
  failing: z.int().min(0),
  /** Of how many it could not be told. */
  undetermined: z.int().min(0),
  /** Where nothing is there to look at, nothing is amiss. */
  holdsOfNone: z.boolean(),
  /** What stands in the way of an answer; null where nothing does. */
  hindrance: sentence.nullable(),
  /** The first of those that fail or are open. */
  members: z.array(evidenceMemberSchema).max(100),
});
export type EvidenceFact = z.infer<typeof evidenceFactSchema>;

/** A person vouches for a control by a document, for a time. */
export const attestationSchema = z.strictObject({
  id: name,
  control: ref,
  statement: sentence,
  /** Who answers for it. */
  owner: name,
  by: name,
  document: z.strictObject({ name, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  since: z.int(),
  until: z.int(),
});
export type Attestation = z.infer<typeof attestationSchema>;

/** 45 CFR 164.306(d)(3): what is addressable is carried out, answered otherwise, or not reasonable; each with its reason. */
export const controlDecisionKinds = ['implement', 'alternative', 'not-reasonable', 'not-applicable'] as const;
export type ControlDecisionKind = (typeof controlDecisionKinds)[number];
export const controlDecisionSchema = z.strictObject({
  id: name,
  control: ref,
  decision: z.enum(controlDecisionKinds),
  rationale: sentence,
  /** What is done instead; null where nothing is. */
  alternative: sentence.nullable(),
  by: name,
  since: z.int(),
  until: z.int(),
});
export type ControlDecision = z.infer<typeof controlDecisionSchema>;

/** Everything that the status of every control rests on, at one moment. */
export const complianceStateSchema = z.strictObject({
  at: z.int(),
  facts: z.array(evidenceFactSchema).max(500),
  attestations: z.array(attestationSchema).max(5000),
  decisions: z.array(controlDecisionSchema).max(5000),
});
export type ComplianceState = z.infer<typeof complianceStateSchema>;

/** How one question was answered, from its fact. */
export const evidenceAnswerSchema = z.strictObject({
  query: ref,
  covers: z.enum(['whole', 'part']),
  outcome: z.enum(['holds', 'fails', 'unknown']),
  reason: sentence,
  asOf: z.int().nullable(),
});
export type EvidenceAnswer = z.infer<typeof evidenceAnswerSchema>;

/** The status of one control with how it came about. */
export const judgedControlSchema = z.strictObject({
  ref,
  status: z.enum(controlStatuses),
  basis: z.enum(statusBases),
  reason: sentence,
  answers: z.array(evidenceAnswerSchema),
  attestation: name.nullable(),
  decision: name.nullable(),
  /** A person vouches for it, and the evidence says otherwise. */
  contradicted: z.boolean(),
  /** When the oldest was observed that it rests on. */
  oldest: z.int().nullable(),
});
export type JudgedControl = z.infer<typeof judgedControlSchema>;

/** What people do about a gap, as the register of risks said when the record was exported. It changes no status and is under no proof. */
export const gapPlanSchema = z.strictObject({
  /** The question that fails, or the control that nothing shows. */
  gap: ref,
  risk: name,
  title: sentence,
  /** `new`, `accepted` …, as the register has it. */
  state: name,
  /** What is planned, in the words of whoever treats it; empty while nobody has said. */
  plan: sentence,
  owner: z.strictObject({ id: name, name }).nullable(),
  opened: z.int(),
  deadline: z.int().nullable(),
  /** Measures against it; `verified` by somebody else, and until when that holds. */
  measures: z
    .array(
      z.strictObject({
        text: sentence,
        added: z.int(),
        verified: z.int().nullable(),
        until: z.int().nullable(),
      }),
    )
    .max(100),
});
export type GapPlan = z.infer<typeof gapPlanSchema>;

export const complianceExportForm = 'wardline-compliance-evidence-1';
/** The evidence of one recorded judgement with what was concluded, and where the ledger holds it. */
export const complianceExportSchema = z.strictObject({
  form: z.literal(complianceExportForm),
  hospital: name,
  run: z.int(),
  /** SHA-256 of the state's text. */
  digest: z.string(),
  state: complianceStateSchema,
  /** What was concluded, by control. */
  statuses: z.record(ref, z.enum(controlStatuses)),
  /** SHA-256 of each catalogue and of the questions that it was judged by. */
  knowledge: z.record(ref, z.string()),
  ledger: z.strictObject({
    entry: z.string(),
    sequence: z.int(),
    path: z.array(z.string()),
    checkpoint: z.string(),
  }),
  /** Since plans were exported too. */
  plans: z.array(gapPlanSchema).max(5000).optional(),
});
export type ComplianceExport = z.infer<typeof complianceExportSchema>;
