import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { revocationSchema } from '../revocation/revocations.ts';
import { userPath } from '../working-directory.ts';

// IEEE 802.1Q: 0 and 4095 are reserved.
const vlan = z.int().min(1).max(4094);
const place = z.strictObject({ vlan, role: z.string().max(63).nullable().default(null) });

/** What an operator writes down for admission, as JSON. */
const planSchema = z.strictObject({
  zones: z
    .array(
      place.extend({
        zone: z.string(),
        accept: z.array(z.enum(['certificate', 'address'])).min(1),
        whenAway: z.enum(['last', 'open', 'closed']),
      }),
    )
    .min(1),
  strangers: place.nullable().default(null),
  apart: place.nullable().default(null),
  /** Assets that a person holds apart, by id or name. */
  heldApart: z.array(z.string()).default([]),
  /** Lists of revoked certificates, and the authorities (PEM) that sign them. */
  revocation: revocationSchema.extend({ authorities: z.string() }).nullable().default(null),
  /** Where changes of authorisation go (RFC 5176). */
  switches: z
    .array(
      z.strictObject({
        /** As it names itself: NAS-IP-Address of its questions. */
        address: z.ipv4(),
        port: z.int().min(1).max(65_535).default(3799),
        /** A file with the shared secret. */
        secretFile: z.string(),
      }),
    )
    .default([]),
});
export type Plan = z.infer<typeof planSchema>;

/** @throws CommandError with the place of the first fault */
export function planFrom(file: string, text: string): Plan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandError(`${file} is no JSON`, exitCodes.failed);
  }
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`, exitCodes.failed);
}

export const secretOf = (file: string): string => readFileSync(userPath(file), 'utf8').trim();
