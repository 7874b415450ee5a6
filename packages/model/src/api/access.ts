import { z } from 'zod';
import { zoneSchema } from '../zone.ts';
import { instant } from './common.ts';

/** Roles of people and programs, as policies know them. */
export const roles = [
  'biomedical-engineer',
  'security-analyst',
  'network-engineer',
  'compliance-officer',
  'supplier',
  'governance',
  'administrator',
  'sensor',
  'device',
  'provisioning',
] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** How a role came to somebody: given for good, asked for and approved for a time, or taken in an emergency. */
export const grantOrigins = ['assigned', 'elevation', 'break-glass'] as const;

/** One role within its scope. `null` is everywhere; `until` is null where it does not end by itself. */
export const grantSchema = z.object({
  role: roleSchema,
  sites: z.array(z.int()).nullable(),
  zones: z.array(z.string()).nullable(),
  until: instant.nullable(),
  origin: z.enum(grantOrigins),
});

/** A role that is or was held. */
export const storedGrantSchema = grantSchema.extend({
  id: z.string(),
  /** `person:…`, `token:…`, `sensor:…`. */
  holder: z.string(),
  name: z.string(),
  since: instant,
  givenBy: z.string(),
  ended: instant.nullable(),
});
export type StoredGrant = z.infer<typeof storedGrantSchema>;
export const grantListResponse = z.object({ items: z.array(storedGrantSchema) });

export const grantAssignBody = z.object({
  holder: z.string().max(200),
  role: roleSchema,
  sites: z.array(z.int().min(1)).min(1).max(500).nullable().default(null),
  zones: z.array(zoneSchema).min(1).max(500).nullable().default(null),
  until: instant.nullable().default(null),
  reason: z.string().trim().min(3).max(500),
});

/** How somebody showed who they are. */
export const signInMethods = ['link', 'passkey', 'password', 'openid', 'emergency'] as const;

/** Who asks. `actor` is the name by which the ledger knows them; it tells nothing of the person by itself. */
export const sessionSchema = z.object({
  actor: z.string(),
  name: z.string(),
  method: z.enum(signInMethods).nullable(),
  grants: z.array(grantSchema),
  since: instant,
  expires: instant,
  /** Until when dangerous acts need no new proof of who they are; null where they do. */
  steppedUpUntil: instant.nullable(),
  /** False where they came by a link and have no way to sign in again. */
  canReturn: z.boolean(),
});

export type Session = z.infer<typeof sessionSchema>;

/** How a person signs in, and where. */
export const accountSchema = z.object({
  name: z.string(),
  login: z.string().nullable(),
  passkeys: z.array(
    z.object({ id: z.string(), name: z.string(), created: instant, used: instant.nullable() }),
  ),
  passwordChanged: instant.nullable(),
  authenticator: z.boolean(),
  recoveryCodes: z.int(),
  sessions: z.array(
    z.object({
      id: z.string(),
      method: z.enum(signInMethods),
      since: instant,
      seen: instant,
      agent: z.string(),
      address: z.string(),
      current: z.boolean(),
    }),
  ),
});

export const personSchema = z.object({
  id: z.string(),
  actor: z.string(),
  name: z.string(),
  login: z.string().nullable(),
  email: z.string().nullable(),
  active: z.boolean(),
  created: instant,
  passkeys: z.int(),
  password: z.boolean(),
  sessions: z.int(),
  seen: instant.nullable(),
  roles: z.array(roleSchema),
  invitedUntil: instant.nullable(),
});
export const peopleResponse = z.object({ items: z.array(personSchema) });

const why = z.string().trim().min(3).max(500);
export const personAddBody = z.object({
  name: z.string().trim().min(1).max(120),
  email: z.email().max(254).nullable().default(null),
  reason: why,
});
export const personChangeBody = z.object({ active: z.boolean(), reason: why });
export const invitationSchema = z.object({ id: z.string(), link: z.string(), expires: instant });

export const tokenSchema = z.object({
  id: z.string(),
  holder: z.string(),
  name: z.string(),
  created: instant,
  expires: instant,
  used: instant.nullable(),
  revoked: instant.nullable(),
});
export const tokenListResponse = z.object({ items: z.array(tokenSchema) });
export const tokenAddBody = z.object({
  name: z.string().trim().min(1).max(80),
  /** Of a program; a sensor has its own. */
  role: roleSchema.nullable().default(null),
  /** The name under which a sensor hands over its batches. */
  sensor: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .nullable()
    .default(null),
  /** PEM; a sensor then comes in by proving its key, and no secret is made. */
  certificate: z.string().max(20_000).nullable().default(null),
  /** A sensor then comes in by whatever certificate this asset was issued here, and no secret is made. */
  asset: z.string().max(64).nullable().default(null),
  sites: z.array(z.int().min(1)).min(1).max(500).nullable().default(null),
  expires: instant,
  reason: why,
});
/** `secret` is null where a sensor comes in by its certificate. */
export const tokenMadeResponse = z.object({ id: z.string(), secret: z.string().nullable() });

/** What a session may do; some of it with a fresh proof, or within its scope. */
export const permittedResponse = z.object({ actions: z.array(z.string()) });

/** A group of the hospital's directory, and the role that its members have here. */
export const provisionedGroupSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema.nullable(),
  sites: z.array(z.int()).nullable(),
  zones: z.array(z.string()).nullable(),
  members: z.int(),
  changed: instant,
});
export type ProvisionedGroup = z.infer<typeof provisionedGroupSchema>;
export const provisionedGroupList = z.object({ items: z.array(provisionedGroupSchema) });
export const groupMapBody = z.object({
  role: roleSchema.nullable(),
  sites: z.array(z.int().min(1)).min(1).max(500).nullable().default(null),
  zones: z.array(zoneSchema).min(1).max(500).nullable().default(null),
  reason: why,
});
