import { randomBytes, randomUUID } from 'node:crypto';
import type { bootOfferBody, bootQuestionResponse } from '@wardline/model';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { openedBy, tpmOf } from '../enrolment/attestation.ts';
import type { ShownDevice } from '../enrolment/shown-device.ts';
import { CHALLENGE_MICROS, OPEN_CHALLENGES } from '../limits.ts';

/** Firmware, its settings, option ROMs, boot loader, partitions, policy of secure boot, and what loaders measure (TCG PFP §3.3.4). */
export const QUOTED_PCRS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14];
export const BANK = 'sha256';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

/**
 * Asks a device what it booted: a challenge of its own for the quote, and a secret that only the TPM opens in which the key of the
 * device's certificate was proved to lie. @throws Refusal where it is another TPM
 */
export async function askBoot(
  context: Context,
  { certificate }: ShownDevice,
  offer: z.infer<typeof bootOfferBody>,
): Promise<z.infer<typeof bootQuestionResponse>> {
  const at = context.now();
  const tpm = await tpmOf(context.database, certificate);
  if (tpm === null)
    throw new Refusal('forbidden', 'The key of this certificate was not proved to lie in a TPM');
  const { opening } = await openedBy(context, offer, at);
  const { activation, credential } = opening;
  if (!activation.devices.some((device) => Buffer.from(tpm).equals(device)))
    throw new Refusal(
      'forbidden',
      'This is another TPM than the one in which the key of the certificate lies',
    );
  const [id, challenge] = [randomUUID(), randomBytes(32)];
  await context.database.transaction().execute(async (transaction) => {
    // One question of a device is open at a time.
    await sql`delete from boot_challenge where expires < ${at} or certificate = ${certificate}`.execute(
      transaction,
    );
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from boot_challenge`.execute(
      transaction,
    );
    if (rows[0]!.n >= OPEN_CHALLENGES)
      throw new Refusal('too-many-requests', 'Too many TPMs are asked at this moment; come again later');
    await sql`insert into boot_challenge (id, certificate, challenge, secret, ak_name, devices, ak_public, expires)
      values (${id}, ${certificate}, ${challenge}, ${Buffer.from(activation.secret)}, ${Buffer.from(activation.akName)},
        ${activation.devices.map((device) => Buffer.from(device))}::bytea[], ${bytesOf(offer.akPublic)},
        ${at + CHALLENGE_MICROS})`.execute(transaction);
  });
  return {
    id,
    challenge: base64(challenge),
    blob: base64(credential.blob),
    seed: base64(credential.seed),
    bank: BANK,
    pcrs: QUOTED_PCRS,
  };
}
