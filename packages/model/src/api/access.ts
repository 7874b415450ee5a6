import { z } from 'zod';
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
});
