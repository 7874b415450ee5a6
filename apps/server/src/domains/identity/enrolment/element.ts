import { createPublicKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import type {
  AssuranceLevel,
  EnrolmentElement,
  elementAnswerBody,
  elementQuestionBody,
  elementQuestionResponse,
} from '@wardline/model';
import { type BoundVerdict, judgeBoundToken, keyDigestOf, nonceFor } from '@wardline/pki';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { CHALLENGE_MICROS, OPEN_CHALLENGES } from '../limits.ts';
import { recordAssurance } from './assurance.ts';
import type { Proof } from './proof.ts';

/** Curves by which tokens are signed (RFC 9053 §2). */
const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1', 'ed25519']);

/** The key by which an element signs. @throws Refusal where it is none of those that sign tokens */
export function mustSign({ key }: EnrolmentElement): KeyObject {
  let read: KeyObject;
  try {
    if (key.includes('PRIVATE KEY')) throw new Error('a private key is shown to nobody');
    read = createPublicKey(key);
  } catch {
    throw new Refusal('invalid-request', 'element.key: the public half of a key (PEM) is expected');
  }
  if (!CURVES.has(read.asymmetricKeyDetails?.namedCurve ?? read.asymmetricKeyType ?? ''))
    throw new Refusal('invalid-request', 'element.key: a key on P-256, P-384, P-521 or Ed25519 is expected');
  return read;
}

/** Asks a secure element or TEE to vouch for a key: a nonce that is made of it, and that holds once and for minutes. */
export async function askElement(
  { database, now }: Context,
  { key }: z.infer<typeof elementQuestionBody>,
): Promise<z.infer<typeof elementQuestionResponse>> {
  const spki = Buffer.from(key, 'base64');
  const [id, challenge, at] = [randomUUID(), randomBytes(32), now()];
  await database.transaction().execute(async (transaction) => {
    await sql`delete from element_question where expires < ${at}`.execute(transaction);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from element_question`.execute(
      transaction,
    );
    if (rows[0]!.n >= OPEN_CHALLENGES)
      throw new Refusal('too-many-requests', 'Too many elements are asked at this moment; come again later');
    await sql`insert into element_question (id, challenge, key, expires)
      values (${id}, ${challenge}, ${spki}, ${at + CHALLENGE_MICROS})`.execute(transaction);
  });
  return { id, nonce: nonceFor(challenge, spki).toString('base64') };
}

interface Asked {
  challenge: Buffer;
  key: Buffer;
  expires: number;
}

/** Judges a token; each question takes one answer, whatever it is. @throws Refusal with the check that failed */
export async function takeToken(
  context: Context,
  proofOf: (key: { spki: Uint8Array }) => Promise<Proof | null>,
  { id, token }: z.infer<typeof elementAnswerBody>,
): Promise<AssuranceLevel> {
  const { rows } =
    await sql<Asked>`select challenge, key, expires from element_question where id = ${id}`.execute(
      context.database,
    );
  const [asked] = rows;
  if (asked === undefined)
    throw new Refusal('conflict', 'This question was answered before, is too old, or was never asked');
  const element = await orderedElement(context, await proofOf({ spki: asked.key }));
  const at = context.now();
  const verdict = judgeBoundToken(Buffer.from(token, 'base64'), {
    challenge: { value: asked.challenge, expires: asked.expires, spent: false },
    requestKey: asked.key,
    key: mustSign(element),
    profiles: [element.profile],
    orderedDevice: Buffer.from(element.ueid, 'hex'),
    at,
  });
  await keep(context, { id, keyDigest: keyDigestOf(asked.key), element, verdict, at });
  if (!verdict.proved) throw new Refusal('forbidden', `${verdict.why} (${verdict.check})`);
  return levelOf(verdict);
}

const levelOf = ({ says }: Extract<BoundVerdict, { proved: true }>): AssuranceLevel =>
  says === 'proved' ? 'hardware-proved' : 'hardware-claimed';

/** The element that the order names: a code's, or for a renewal the one that vouched for the key before. */
async function orderedElement({ database }: Context, proof: Proof | null): Promise<EnrolmentElement> {
  if (proof === null)
    throw new Refusal(
      'forbidden',
      'A one-time code is needed as the password, or the certificate that is renewed',
    );
  const element =
    proof.way === 'code'
      ? proof.code.element
      : proof.way === 'renewal'
        ? await elementOf(database, proof.held.id)
        : null;
  if (element === null)
    throw new Refusal('forbidden', 'The order names no secure element, so that none can vouch for the key');
  return element;
}

async function elementOf(database: Context['database'], id: string): Promise<EnrolmentElement | null> {
  const { rows } = await sql<{ element: EnrolmentElement | null }>`select k.evidence -> 'element' as element
    from certificate c join key_assurance k on k.key_digest = c.key_digest where c.id = ${id}`.execute(
    database,
  );
  return rows[0]?.element ?? null;
}

interface Judged {
  id: string;
  keyDigest: string;
  element: EnrolmentElement;
  verdict: BoundVerdict;
  at: number;
}

async function keep(context: Context, { id, keyDigest, element, verdict, at }: Judged): Promise<void> {
  const { ueid, profile } = element;
  const entry = {
    at,
    actor: `device:${keyDigest.slice(0, 16)}`,
    action: verdict.proved ? 'key.prove' : 'key.prove-fail',
    subject: `key:${keyDigest}`,
    changes: {
      element: ueid,
      profile,
      ...(verdict.proved ? { level: levelOf(verdict) } : { check: verdict.check }),
    },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } = await sql`delete from element_question where id = ${id}`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'This question was answered before');
    if (verdict.proved)
      await recordAssurance(transaction, {
        keyDigest,
        level: levelOf(verdict),
        evidence: evidenceOf(element, verdict),
        at,
      });
  });
  context.events.emit('trust', 'ledger');
}

function evidenceOf(element: EnrolmentElement, { psa, claims }: Extract<BoundVerdict, { proved: true }>) {
  return {
    element,
    by: 'an entity attestation token (RFC 9711) under the key that the order names',
    lifecycle: psa?.lifecycle ?? null,
    implementation: psa === null ? null : Buffer.from(psa.implementation).toString('hex'),
    software: psa?.components.map(({ type, version }) => [type, version].filter(Boolean).join(' ')) ?? [
      [claims.softwareName, claims.softwareVersion].filter(Boolean).join(' '),
    ],
  };
}
