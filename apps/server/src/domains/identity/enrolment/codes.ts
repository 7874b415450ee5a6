import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { EnrolmentElement, enrolmentCodeBody } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
import { mustSign } from './element.ts';
import { mustBeInUse } from './in-use.ts';
import type { HeldCertificate } from './proof.ts';

/** A one-time code, without the code. */
export interface StoredCode {
  id: string;
  asset: string;
  /** Null: the one in which the policy in force has the asset. */
  zone: string | null;
  profile: HeldCertificate['profile'];
  hosts: string[];
  /** Where its key has to lie; null where it may lie anywhere. */
  tpm: string | null;
  /** What vouches for its key; null where nothing has to. */
  element: EnrolmentElement | null;
}

const HOUR_MICROS = 3_600_000_000;

/** A code by which one device gets one certificate. It is told once; only its digest is kept. */
export async function makeCode(
  context: Context,
  actor: string,
  { asset, zone, profile, hosts, hours, tpm, element, reason }: z.infer<typeof enrolmentCodeBody>,
): Promise<{ id: string; code: string; expires: number }> {
  const [id, at, code] = [randomUUID(), context.now(), randomBytes(16).toString('base64url')];
  const expires = at + hours * HOUR_MICROS;
  const digest = createHash('sha256').update(code).digest('hex');
  if (element !== null) mustSign(element);
  const entry = {
    at,
    actor,
    action: 'enrolment.code',
    subject: `asset:${asset}`,
    changes: { code: id, profile, zone, hosts, tpm, element: element?.ueid ?? null },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    await mustBeInUse(transaction, asset);
    await sql`insert into enrolment_code (id, digest, asset, zone, profile, hosts, tpm, element, made, made_by, expires)
      values (${id}, ${digest}, ${asset}, ${zone}, ${profile}, ${hosts}::text[], ${tpm},
        ${element === null ? null : JSON.stringify(element)}::jsonb, ${at}, ${actor}, ${expires})`.execute(
      transaction,
    );
  });
  return { id, code, expires };
}
