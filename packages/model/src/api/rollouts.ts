import { z } from 'zod';
import { weeklyWindowSchema } from '../patching.ts';
import { instant, reasonBody } from './common.ts';

const percent = z.int().min(0).max(100);

/** How a release reaches its devices. */
export const rolloutPlanSchema = z.object({
  /** Cumulative shares of all devices in percent, the last is 100; the first is the canary. */
  waves: z
    .array(z.int().min(1).max(100))
    .min(1)
    .max(10)
    .refine(
      (waves) => waves.at(-1) === 100 && waves.every((share, at) => at === 0 || share > waves[at - 1]!),
      {
        message: 'each wave is larger than the one before, and the last is 100',
      },
    ),
  mostFailed: percent,
  leastDone: percent,
  soakMinutes: z.int().min(0).max(100_000),
  atOnce: z.int().min(1).max(10_000),
  /** How long an installation takes at the most; a window has to stay open for as long. */
  installMinutes: z.int().min(1).max(1440),
  /** How fast one device may fetch its image; null is as fast as it can. */
  kilobytesPerSecond: z.int().min(1).max(1_000_000).nullable(),
  /** A device that began counts as failed when nothing was heard of it for so long. */
  silentMinutes: z.int().min(5).max(100_000),
  /** Hours of every day by the clock of a zone, within the devices' own maintenance windows where they have any; null leaves it to those. */
  window: weeklyWindowSchema.omit({ day: true }).nullable(),
});

export const rolloutMakeBody = reasonBody.extend({
  path: z.string().min(1).max(1024),
  plan: rolloutPlanSchema,
});

const rolloutState = z.enum(['running', 'paused', 'halted', 'finished', 'stopped']);
export const rolloutWaveSchema = z.object({
  share: z.int(),
  waiting: z.int(),
  installing: z.int(),
  done: z.int(),
  failed: z.int(),
  /** One more failure than this halts the rollout. */
  allowed: z.int(),
});

export const rolloutSchema = z.object({
  id: z.string(),
  path: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  version: z.string(),
  state: rolloutState,
  /** The wave that may install now, from 0. */
  wave: z.int(),
  begun: instant,
  plan: rolloutPlanSchema,
  waves: z.array(rolloutWaveSchema),
});
export type Rollout = z.infer<typeof rolloutSchema>;
export const rolloutsResponse = z.object({ asOf: instant, items: z.array(rolloutSchema) });

export const rolloutDeviceSchema = z.object({
  asset: z.string(),
  name: z.string(),
  criticality: z.string(),
  wave: z.int(),
  state: z.enum(['waiting', 'installing', 'done', 'failed']),
  before: z.string(),
  /** When it last asked or reported; null where it never did. */
  heard: instant.nullable(),
  /** Why it waits, or what it said when it failed. */
  because: z.string(),
});
export type RolloutDevice = z.infer<typeof rolloutDeviceSchema>;
export const rolloutResponse = rolloutSchema.extend({ devices: z.array(rolloutDeviceSchema) });
export type RolloutDetail = z.infer<typeof rolloutResponse>;

/** What is known of a device's firmware, newest first. */
export const assetFirmwareResponse = z.object({
  asOf: instant,
  /** What the device itself told, with its certificate. */
  running: z.array(
    z.object({
      since: instant,
      heard: instant,
      version: z.string(),
      securityVersion: z.int(),
      sha256: z.string(),
      onTrial: z.boolean(),
    }),
  ),
  rollouts: z.array(
    rolloutDeviceSchema.omit({ asset: true, name: true, criticality: true }).extend({
      id: z.string(),
      version: z.string(),
      begun: instant,
      rolloutState: rolloutState,
    }),
  ),
  /** The newest image that is offered for its maker and model; null where none is. */
  offered: z.string().nullable(),
});
export type AssetFirmware = z.infer<typeof assetFirmwareResponse>;

/** `resume`: also of one that halted. `stop`: for good. */
export const rolloutSteps = ['pause', 'resume', 'stop'] as const;
export const rolloutStepBody = reasonBody.extend({ step: z.enum(rolloutSteps) });

export const rolloutAskBody = z.object({ use: z.enum(['idle', 'in-use', 'unknown']) });
export const rolloutAskResponse = z.object({
  go: z.boolean(),
  /** Why it has to wait; null where it may begin. */
  because: z.string().nullable(),
  path: z.string(),
});
/** Hexadecimal digits. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** What a device is to do, with what shows it that people began it openly, for this device. */
export const deviceInstructionResponse = z.object({
  rollout: z.uuid(),
  path: z.string(),
  /** The act that began the rollout, its place in the ledger from 0, the hashes from its leaf up, and the signed head. */
  entry: z.string(),
  index: z.int().min(0),
  proof: z.array(hash),
  note: z.string(),
  /** The device's own place among those of the rollout. */
  device: z.object({ index: z.int().min(0), proof: z.array(hash) }),
});
export type DeviceInstruction = z.infer<typeof deviceInstructionResponse>;
export const deviceAskBody = z.object({ rollout: z.uuid(), use: z.enum(['idle', 'in-use', 'unknown']) });
export const deviceRunningBody = z.object({
  version: z.string().min(1).max(200),
  securityVersion: z.int().min(0).max(2_147_483_647),
  sha256: hash,
  onTrial: z.boolean(),
});

export const rolloutReportBody = z.object({
  outcome: z.enum(['done', 'failed']),
  detail: z.string().max(500).default(''),
});
export const deviceReportBody = rolloutReportBody.extend({ rollout: z.uuid() });
