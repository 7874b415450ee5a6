import { z } from 'zod';
import { criticalities } from '../asset.ts';
import { instant, page, pagingQuery, reasonBody } from './common.ts';

/** `kept`: changed on the device by people; Wardline seals it and says when. */
export const secretKinds = ['ssh-password', 'ssh-key', 'snmpv3', 'kept'] as const;
export type SecretKind = (typeof secretKinds)[number];

/** Why a secret is to be changed. */
export const rotationCauses = ['order', 'return', 'schedule', 'departure'] as const;
export type RotationCause = (typeof rotationCauses)[number];

/**
 * `proposed`: waits for a person's order. `ordered`: waits for its window. `stuck`: the device did not answer as expected; both secrets are
 * kept until a person orders it to go on. `failed`: the old secret holds. `missed`: its window closed before it could begin.
 */
export const rotationStates = [
  'proposed',
  'ordered',
  'running',
  'stuck',
  'done',
  'failed',
  'missed',
  'cancelled',
] as const;
export type RotationState = (typeof rotationStates)[number];

export const rotationStepSchema = z.object({
  at: instant,
  step: z.string(),
  outcome: z.enum(['begun', 'done', 'failed']),
  /** One sentence for a person; never a secret. */
  said: z.string(),
});

export const rotationSchema = z.object({
  id: z.string(),
  cause: z.enum(rotationCauses),
  state: z.enum(rotationStates),
  proposed: instant,
  orderedBy: z.string().nullable(),
  opens: instant.nullable(),
  closes: instant.nullable(),
  started: instant.nullable(),
  ended: instant.nullable(),
  said: z.string(),
});
export type Rotation = z.infer<typeof rotationSchema>;

export const secretNeeds = ['order', 'held', 'due', 'stuck'] as const;

export const secretRowSchema = z.object({
  id: z.string(),
  asset: z.string(),
  assetName: z.string(),
  criticality: z.enum([...criticalities, 'unknown']),
  /** Belongs to care, or nobody knows whether it does: nothing is sent to it without an order each time. */
  clinical: z.boolean(),
  zone: z.string(),
  account: z.string(),
  kind: z.enum(secretKinds),
  place: z.string(),
  everyDays: z.int().nullable(),
  standing: z.boolean(),
  changed: instant,
  due: instant.nullable(),
  held: z
    .object({ checkout: z.string(), by: z.string(), name: z.string().nullable(), until: instant })
    .nullable(),
  rotation: rotationSchema.nullable(),
});
export type SecretRow = z.infer<typeof secretRowSchema>;

export const secretListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  need: z.enum(secretNeeds).optional(),
});
export const secretListResponse = page(secretRowSchema).extend({
  /** How many need something, of all. */
  needs: z.record(z.enum(secretNeeds), z.int()),
});
export type SecretList = z.infer<typeof secretListResponse>;

export const secretDetailSchema = secretRowSchema.extend({
  hostKey: z.string().nullable(),
  command: z.string().nullable(),
  versions: z.array(
    z.object({
      number: z.int(),
      state: z.enum(['next', 'current', 'previous', 'destroyed']),
      made: instant,
      ended: instant.nullable(),
    }),
  ),
  rotations: z.array(rotationSchema.extend({ steps: z.array(rotationStepSchema) })),
  history: z.array(z.object({ at: instant, actor: z.string(), text: z.string() })),
});
export type SecretDetail = z.infer<typeof secretDetailSchema>;

/** Accounts that the sensor saw with a default or clear-text credential, and that nobody has given a secret of their own yet. */
export const secretWorkResponse = z.object({
  asOf: instant,
  items: z.array(
    z.object({
      finding: z.string(),
      rule: z.string(),
      title: z.string(),
      summary: z.string(),
      severity: z.string(),
      asset: z.string(),
      assetName: z.string(),
      criticality: z.enum([...criticalities, 'unknown']),
      seen: instant,
    }),
  ),
});
export type SecretWork = z.infer<typeof secretWorkResponse>;

const password = z.string().min(1).max(256);
/** Authentication of SNMPv3: SHA-1 (RFC 3414) and HMAC-SHA-2 (RFC 7860). */
export const snmpHashes = ['sha1', 'sha256', 'sha384', 'sha512'] as const;
export type SnmpHash = (typeof snmpHashes)[number];
export const secretValueSchema = z.object({
  password: password.optional(),
  privateKey: z.string().max(20_000).optional(),
  authPassword: password.min(8).optional(),
  privPassword: password.min(8).optional(),
  /** Of SNMPv3; SHA-1 where none is said, as older devices have it. */
  authHash: z.enum(snmpHashes).optional(),
});
export type SecretValue = z.infer<typeof secretValueSchema>;

export const secretAdoptBody = reasonBody.extend({
  asset: z.string().max(80),
  account: z
    .string()
    .regex(/^[\w][\w.@\\-]{0,31}$/, 'letters, digits, dots, hyphens and underscores, at most 32'),
  kind: z.enum(secretKinds),
  /** One of the addresses of the asset; none for what people change by hand. */
  address: z.string().max(64).optional(),
  port: z.int().min(1).max(65_535).optional(),
  hostKey: z
    .string()
    .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint as ssh-keygen -l prints it')
    .optional(),
  command: z.string().trim().min(1).max(200).optional(),
  everyDays: z.int().min(1).max(3660).optional(),
  standing: z.boolean().default(false),
  value: secretValueSchema,
});
export type SecretAdopt = z.infer<typeof secretAdoptBody>;
export const secretMadeResponse = z.object({ id: z.string() });

/** A service visit lasts a day at most; whoever needs longer takes it out again, and says why again. */
export const checkoutBody = reasonBody.extend({ minutes: z.int().min(5).max(1440) });
/** The only answer that tells a secret, and it does so once. */
export const checkoutResponse = z.object({
  checkout: z.string(),
  account: z.string(),
  until: instant,
  values: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type Checkout = z.infer<typeof checkoutResponse>;

export const rotationOrderBody = reasonBody.extend({ opens: instant, closes: instant });
export const rotationStateResponse = z.object({ id: z.string(), state: z.enum(rotationStates) });
export const secretChangedBody = reasonBody.extend({ value: secretValueSchema });
