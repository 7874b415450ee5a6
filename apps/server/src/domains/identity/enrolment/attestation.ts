import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type {
  AssuranceLevel,
  attestationAnswerBody,
  attestationChallengeResponse,
  attestationOfferBody,
} from '@wardline/model';
import {
  type Certificate,
  judgeKey,
  type KeyVerdict,
  keyDigestOf,
  openActivation,
  parseCertificate,
  parsePublicArea,
  type Randomness,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { CHALLENGE_MICROS, OPEN_CHALLENGES } from '../limits.ts';
import { recordAssurance } from './assurance.ts';
import type { Proof } from './proof.ts';

const randomness: Randomness = {
  bytes: (length) => randomBytes(length),
  ephemeral: (namedCurve) => generateKeyPairSync('ec', { namedCurve }),
};
const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
const base64Of = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/**
 * Asks a TPM, which a pinned maker vouches for, to prove a key: a secret that only it opens, and a challenge that holds for one time and
 * for minutes. @throws Refusal where no maker vouches for it
 */
export async function openChallenge(
  context: Context,
  offer: z.infer<typeof attestationOfferBody>,
): Promise<z.infer<typeof attestationChallengeResponse>> {
  const at = context.now();
  const { maker, opening } = await openedBy(context, offer, at);
  const { activation, credential } = opening;
  const [id, challenge, keyPublic] = [randomUUID(), randomBytes(32), bytesOf(offer.keyPublic)];
  if (parsePublicArea(keyPublic) === null)
    throw new Refusal('invalid-request', 'keyPublic: it is no public area that is accepted');
  await context.database.transaction().execute(async (transaction) => {
    await sql`delete from attestation_challenge where expires < ${at}`.execute(transaction);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from attestation_challenge`.execute(
      transaction,
    );
    if (rows[0]!.n >= OPEN_CHALLENGES)
      throw new Refusal('too-many-requests', 'Too many TPMs are asked at this moment; come again later');
    await sql`insert into attestation_challenge (id, challenge, secret, ak_name, devices, ak_public, key_public, maker, expires)
      values (${id}, ${challenge}, ${Buffer.from(activation.secret)}, ${Buffer.from(activation.akName)},
        ${activation.devices.map((device) => Buffer.from(device))}::bytea[], ${bytesOf(offer.akPublic)}, ${keyPublic}, ${maker},
        ${at + CHALLENGE_MICROS})`.execute(transaction);
  });
  return {
    id,
    challenge: base64Of(challenge),
    blob: base64Of(credential.blob),
    seed: base64Of(credential.seed),
  };
}

/** By the first pinned maker of TPMs that vouches for it. A TPM of a maker is withdrawn by its pin; makers' own lists are not asked. */
export async function openedBy(
  context: Context,
  offer: Omit<z.infer<typeof attestationOfferBody>, 'keyPublic'>,
  at: number,
) {
  const pinned = await pinnedMakers(context);
  if (pinned.length === 0) throw new Refusal('forbidden', 'No maker of TPMs is pinned here');
  const shown = {
    ekPublic: bytesOf(offer.ekPublic),
    ekCertificate: bytesOf(offer.ekCertificate),
    intermediates: offer.intermediates.map(bytesOf),
    akPublic: bytesOf(offer.akPublic),
  };
  let fault = '';
  for (const { id, root } of pinned) {
    const opening = openActivation(shown, { roots: [root], isRevoked: () => false }, randomness, at);
    if ('activation' in opening) return { maker: id, opening };
    fault = opening.fault;
  }
  throw new Refusal('forbidden', `No pinned maker of TPMs vouches for this one: ${fault}`);
}

async function pinnedMakers({ database }: Context): Promise<{ id: string; root: Certificate }[]> {
  const { rows } = await sql<{ id: string; certificate: Buffer }>`
    select id, certificate from maker where kind = 'tpms' order by added`.execute(database);
  return rows.flatMap(({ id, certificate }) => {
    const read = parseCertificate(certificate);
    return read.ok ? [{ id, root: read.value }] : [];
  });
}

interface Asked {
  challenge: Buffer;
  secret: Buffer;
  ak_name: Buffer;
  devices: Buffer[];
  ak_public: Buffer;
  key_public: Buffer;
  maker: string;
  expires: number;
}

/** Judges what a TPM said; each question takes one answer, whatever it is. @throws Refusal with the check that failed */
export async function takeAnswer(
  context: Context,
  proofOf: (key: { spki: Uint8Array }) => Promise<Proof | null>,
  { id, ...said }: z.infer<typeof attestationAnswerBody>,
): Promise<AssuranceLevel> {
  const { rows } =
    await sql<Asked>`select challenge, secret, ak_name, devices, ak_public, key_public, maker, expires
    from attestation_challenge where id = ${id}`.execute(context.database);
  const [asked] = rows;
  const key = asked === undefined ? null : parsePublicArea(asked.key_public);
  if (asked === undefined || key === null)
    throw new Refusal('conflict', 'This question was answered before, is too old, or was never asked');
  const ordered = await orderedTpm(context, await proofOf(key));
  const at = context.now();
  const verdict = judgeKey(
    {
      akPublic: asked.ak_public,
      keyPublic: asked.key_public,
      certifyInfo: bytesOf(said.certifyInfo),
      signature: bytesOf(said.signature),
    },
    {
      challenge: { value: asked.challenge, expires: asked.expires, spent: false },
      trust: {
        by: 'activation',
        activation: { secret: asked.secret, akName: asked.ak_name, devices: asked.devices },
        answer: bytesOf(said.secret),
      },
      requestKey: key.spki,
      orderedDevice: Buffer.from(ordered),
      at,
    },
  );
  await keepVerdict(context, {
    id,
    keyDigest: keyDigestOf(key.spki),
    tpm: ordered,
    maker: asked.maker,
    verdict,
    at,
  });
  if (!verdict.proved) throw new Refusal('forbidden', `${verdict.why} (${verdict.check})`);
  return 'hardware-proved';
}

/** The TPM that the order names: a code's, or for a renewal the one in which the key before lies. */
async function orderedTpm({ database }: Context, proof: Proof | null): Promise<string> {
  if (proof === null)
    throw new Refusal(
      'forbidden',
      'A one-time code is needed as the password, or the certificate that is renewed',
    );
  const tpm =
    proof.way === 'code'
      ? proof.code.tpm
      : proof.way === 'renewal'
        ? await tpmOf(database, proof.held.id)
        : null;
  if (tpm === null)
    throw new Refusal(
      'forbidden',
      'The order names no TPM, so that none can be proved to be the ordered one',
    );
  return tpm;
}

/** The TPM in which the key of a certificate was proved to lie; null where that was not proved. */
export async function tpmOf(database: Context['database'], id: string): Promise<string | null> {
  const { rows } = await sql<{ tpm: string | null }>`select k.evidence ->> 'tpm' as tpm from certificate c
    join key_assurance k on k.key_digest = c.key_digest where c.id = ${id} and k.level = 'hardware-proved'`.execute(
    database,
  );
  return rows[0]?.tpm ?? null;
}

interface Judged {
  id: string;
  keyDigest: string;
  tpm: string;
  maker: string;
  verdict: KeyVerdict;
  at: number;
}

async function keepVerdict(
  context: Context,
  { id, keyDigest, tpm, maker, verdict, at }: Judged,
): Promise<void> {
  const by = 'TPM2_Certify under an attestation key that the TPM activated';
  const evidence = { tpm, maker, by, withdrawn: 'the maker’s own lists were not asked' };
  const entry = {
    at,
    actor: `device:${keyDigest.slice(0, 16)}`,
    action: verdict.proved ? 'key.prove' : 'key.prove-fail',
    subject: `key:${keyDigest}`,
    changes: verdict.proved ? evidence : { tpm, maker, check: verdict.check },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`delete from attestation_challenge where id = ${id}`.execute(
      transaction,
    );
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'This question was answered before');
    if (verdict.proved)
      await recordAssurance(transaction, { keyDigest, level: 'hardware-proved', evidence, at });
  });
  context.events.emit('trust', 'ledger');
}
