import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { instant, reasonBody } from './common.ts';

/** Enough for 2,000 rules with every address written out; what people write is a hundredth of it. */
const text = z.string().min(1).max(4_000_000);
const draftName = z.string().trim().min(1).max(100);

export const policyStates = ['proposed', 'approved', 'refused', 'superseded', 'withdrawn'] as const;
export const policyModes = ['observe', 'alert', 'enforce'] as const;

/** What a policy would do to the conversations that were recorded when it was looked at. */
export const policyEffectSchema = z.object({
  passes: z.int(),
  watched: z.int(),
  notSeen: z.int(),
  cut: z.int(),
  /** Of those that are cut: with a life-critical device at one end. */
  cutLifeCritical: z.int(),
  /** Assets that lose something. */
  assets: z.int(),
  /** Conversations from first to last. */
  from: instant.nullable(),
  to: instant.nullable(),
});
export type PolicyEffect = z.infer<typeof policyEffectSchema>;

export const draftRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** Goes up by one with each change; who saves names the one that they started from. */
  revision: z.int(),
  /** The version that it began as; null where it began otherwise. */
  basedOn: z.int().nullable(),
  created: instant,
  modified: instant,
  modifiedBy: z.string(),
  modifiedByName: z.string(),
});
export type DraftRow = z.infer<typeof draftRowSchema>;
export const draftResponse = draftRowSchema.extend({ text: z.string() });

export const versionRowSchema = z.object({
  number: z.int(),
  name: z.string(),
  state: z.enum(policyStates),
  /** SHA-256 of the text, in hexadecimal. */
  digest: z.string(),
  /** Where an earlier version was taken up again: which. */
  restores: z.int().nullable(),
  proposed: instant,
  proposedBy: z.string(),
  proposedByName: z.string(),
  reason: z.string().nullable(),
  decided: instant.nullable(),
  decidedByName: z.string().nullable(),
  decisionReason: z.string().nullable(),
  /** As it was foreseen when it was proposed. */
  effect: policyEffectSchema,
  /** Whether whoever asks proposed it or wrote at it, and so may not approve it. */
  mine: z.boolean(),
});
export type VersionRow = z.infer<typeof versionRowSchema>;
export const versionResponse = versionRowSchema.extend({ text: z.string() });

export const segmentationResponse = z.object({
  asOf: instant,
  /** The version in force; null where none was ever approved. */
  current: z.int().nullable(),
  drafts: z.array(draftRowSchema),
  versions: z.array(versionRowSchema),
  targets: z.array(z.string()),
});
export type Segmentation = z.infer<typeof segmentationResponse>;

export const draftBody = reasonBody.extend({ name: draftName, text, basedOn: z.int().optional() });
export const saveBody = z.object({ text, name: draftName, revision: z.int() });
export const draftDropBody = reasonBody;
export const approvePolicyBody = reasonBody.extend({
  /** How many recorded conversations of life-critical devices it may cut, as the approver saw it. */
  cutLifeCritical: z.int().min(0).default(0),
});
/** One conduit of the version in force, or `undeclared`, a stage further or back. */
export const policyStageQuery = z.object({ conduit: z.string().min(1).max(200), mode: z.enum(policyModes) });
export const policyStageBody = approvePolicyBody.extend(policyStageQuery.shape);
export type PolicyStageBody = z.infer<typeof policyStageBody>;
export const savedResponse = z.object({ id: z.string(), revision: z.int() });
export const versionMadeResponse = z.object({ number: z.int() });

const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  /** Counted from 1; 0 where it is of no single place. */
  line: z.int(),
  column: z.int(),
  length: z.int(),
  suggestion: z.string().nullable(),
});

/** What a text means for the assets as they are. Zones and conduits are empty while it has errors. */
export const examinedResponse = z.object({
  asOf: instant,
  diagnostics: z.array(diagnosticSchema),
  /** More were found than are told. */
  diagnosticsCut: z.boolean(),
  zones: z.array(
    z.object({
      name: z.string(),
      title: z.string().nullable(),
      assets: z.int(),
      lifeCritical: z.int(),
      /** Some of them, life-critical ones first. */
      examples: z.array(z.object({ id: z.string(), name: z.string(), criticality: z.enum(criticalities) })),
      /** As the text says them. */
      addresses: z.array(z.string()),
    }),
  ),
  conduits: z.array(
    z.object({
      name: z.string(),
      title: z.string().nullable(),
      from: z.array(z.string()),
      to: z.array(z.string()),
      services: z.array(z.string()),
      mode: z.enum(policyModes),
      because: z.string().nullable(),
    }),
  ),
  musts: z.array(
    z.object({
      title: z.string(),
      verdict: z.enum(['allow', 'deny']),
      from: z.array(z.string()),
      to: z.array(z.string()),
      services: z.array(z.string()),
    }),
  ),
  /** Exceptions with whether they have ended. */
  exceptions: z.array(z.object({ title: z.string(), until: instant, ended: z.boolean() })),
  undeclared: z.enum(policyModes).nullable(),
  /** Assets with an address that are in no zone. */
  unzoned: z.int(),
});
export type Examined = z.infer<typeof examinedResponse>;
export const examineBody = z.object({ text });

/** The assets that a proof is over, as a server hands them out. */
export const policyAssetsSchema = z.object({
  form: z.literal('wardline policy assets 1'),
  assets: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      ips: z.array(z.string()),
      attributes: z.record(z.string(), z.array(z.string())),
    }),
  ),
});

export const spanQuery = z.object({ from: instant.optional(), to: instant.optional() });

export const proposalsResponse = z.object({
  asOf: instant,
  recordedDays: z.int(),
  proposals: z.array(
    z.object({
      name: z.string(),
      title: z.string().nullable(),
      from: z.string(),
      to: z.string(),
      services: z.array(z.string()),
      /** Services among them that no maker of the servers declares; empty where it is not known of all of them. */
      undeclared: z.array(z.string()),
      ground: z.string(),
      conversations: z.int(),
      clients: z.int(),
      servers: z.int(),
      days: z.int(),
      /** Seen on less than a tenth of the days: a monthly job, or an accident. */
      rare: z.boolean(),
      lifeCritical: z.boolean(),
      firstSeen: instant,
      lastSeen: instant,
      evidence: z.array(z.string()),
    }),
  ),
  zones: z.array(z.object({ name: z.string(), title: z.string().nullable() })),
  /** Zones of which each device has a list of ports from its maker (MDS2), with what is on it and was never seen. */
  declared: z.array(
    z.object({ zone: z.string(), documents: z.array(z.string()), unseen: z.array(z.string()) }),
  ),
  leftOut: z.array(z.object({ reason: z.string(), count: z.int() })),
});
export type Proposals = z.infer<typeof proposalsResponse>;

/** Makes a draft of the proposals that a person chose, by name. */
export const learnBody = reasonBody.extend({
  name: draftName,
  conduits: z.array(z.string().max(500)).min(1).max(20_000),
  /** Leaves out what no maker of the servers declares. */
  narrow: z.boolean().default(false),
  from: instant.optional(),
  to: instant.optional(),
});

const partySchema = z.object({
  asset: z.string().nullable(),
  name: z.string(),
  ip: z.string().nullable(),
  criticality: z.enum(criticalities),
});
export const effectRowSchema = z.object({
  client: partySchema,
  server: partySchema,
  transport: z.string(),
  serverPort: z.int().nullable(),
  application: z.string().nullable(),
  days: z.int(),
  packets: z.int(),
  firstSeen: instant,
  lastSeen: instant,
  /** Declarations that decide. */
  by: z.array(z.string()),
  breaksMust: z.boolean(),
  evidence: z.string().nullable(),
});
export type EffectRow = z.infer<typeof effectRowSchema>;

export const simulateBody = spanQuery.extend({
  text,
  /** As if everything were enforced. */
  enforced: z.boolean().default(true),
});
export const simulationResponse = z.object({
  asOf: instant,
  effect: policyEffectSchema,
  /** The worst first; `effect.cut` counts all. */
  cut: z.array(effectRowSchema),
  assets: z.array(
    z.object({
      asset: z.string(),
      name: z.string(),
      criticality: z.enum(criticalities),
      cut: z.int(),
      peers: z.int(),
    }),
  ),
  /** Must-allow clauses that no recorded conversation shows. */
  unseenMusts: z.array(z.string()),
  /** Against the version in force; null where there is none. */
  difference: z
    .object({
      version: z.int(),
      newlyCut: z.int(),
      newlyCutLifeCritical: z.int(),
      newlyPassing: z.int(),
      cut: z.array(effectRowSchema),
      passing: z.array(effectRowSchema),
    })
    .nullable(),
});
export type PolicySimulation = z.infer<typeof simulationResponse>;

export const compileBody = z.object({ text, target: z.string().max(40), budget: z.int().min(1).optional() });
export const compiledResponse = z.object({
  asOf: instant,
  target: z.string(),
  entries: z.int(),
  budget: z.int(),
  /** Empty where it needs more entries than there are. */
  files: z.array(z.object({ name: z.string(), text: z.string() })),
  limits: z.array(z.string()),
  /** What of this very policy the target cannot say; then there are no files. */
  cannot: z.array(z.string()),
  /** One for each list that was read back from the files. */
  proofs: z.array(
    z.object({
      list: z.string(),
      equal: z.boolean(),
      families: z.array(
        z.object({
          family: z.int(),
          equal: z.boolean(),
          /** Numbers of packets, in decimal: they go beyond what JSON's numbers hold. */
          leaking: z.string(),
          cut: z.string(),
          counterExamples: z.array(z.object({ message: z.string(), breaksMust: z.boolean() })),
        }),
      ),
      beside: z.array(z.string()),
      unmodelled: z.array(z.object({ line: z.int(), what: z.string() })),
    }),
  ),
  /** What anybody can check the proof by, without the prover; null where it is not equal. */
  certificate: z.string().nullable(),
  /** The assets that the proof is over, as `wardline policy check` reads them. */
  assets: z.string(),
});
export type PolicyCompiled = z.infer<typeof compiledResponse>;
