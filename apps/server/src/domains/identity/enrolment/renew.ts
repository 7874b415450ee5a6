import { type CertificationRequest, checkRenewal, type Holder, keyDigestOf } from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { type IssueOrder, issuedChanges, signFor, storeIssued } from '../certificates/issue.ts';
import { markRevoked } from '../certificates/revoke.ts';
import { assuranceOf } from './assurance.ts';
import { announce, askedBefore, type Enrolled, mustAllow, wait } from './enrol.ts';
import { fitOf } from './fit.ts';
import type { HeldCertificate, Proof } from './proof.ts';

type Renewal = Extract<Proof, { way: 'renewal' }>;

/**
 * The next certificate, for whoever showed the one that it follows (RFC 7030 §4.2.2). Asking twice is no harm: the same key gets the
 * same certificate again, and another key takes the place of one that was never used, so that a device that loses power between question
 * and answer neither piles up certificates nor locks itself out.
 */
export async function renew(
  context: Context,
  proof: Renewal,
  request: CertificationRequest,
): Promise<Enrolled> {
  mustAllow(checkRenewal(request, proof.certificate));
  const digest = keyDigestOf(request.publicKey.spki);
  const again = await handOutAgain(context, proof.held, digest);
  if (again !== null) return again;
  const assurance = await assuranceOf(context.database, digest);
  const fit = await fitOf(context, proof, assurance);
  if (fit.misfits.length > 0)
    return (await askedBefore(context, digest)) ?? (await wait(context, { proof, request, fit, assurance }));
  return issueNext(context, {
    zone: proof.held.zone,
    holder: holderOf(proof),
    asset: proof.held.asset,
    key: request.publicKey,
    assurance,
    issuedBy: `device:${proof.held.holder}`,
    renews: proof.held.id,
  });
}

/** Named as before. */
function holderOf({ held, certificate: { names } }: Renewal): Holder {
  const mail = names.find((name) => name.kind === 'email')?.value ?? null;
  return {
    profile: held.profile,
    id: held.holder,
    hosts: names.flatMap((name) => (name.kind === 'dns' ? [name.value] : [])),
    mail: typeof mail === 'string' ? mail : null,
  };
}

interface Successor {
  id: string;
  serial: string;
  key: string;
  body: Buffer;
  revoked: number | null;
  seen: number | null;
}

/** What was issued in the place of a certificate and still holds, or was revoked. */
async function successorsOf(database: Executor, held: string, at: number): Promise<Successor[]> {
  const { rows } =
    await sql<Successor>`select id, serial, key_digest as key, body, revoked, seen from certificate
    where renews = ${held} and not_after > ${at} order by issued desc`.execute(database);
  return rows;
}

/** The answer that this key got before, and that may have been lost on its way; null where it asks for the first time. */
async function handOutAgain(
  context: Context,
  { id, zone, holder }: HeldCertificate,
  digest: string,
): Promise<Enrolled | null> {
  const at = context.now();
  const mine = (await successorsOf(context.database, id, at)).filter(({ key }) => key === digest);
  const found = mine.find(({ revoked }) => revoked === null);
  if (found === undefined)
    return mine.length === 0
      ? null
      : { state: 'refused', message: 'The certificate of this key was revoked; a new key is needed' };
  const entry = {
    at,
    actor: `device:${holder}`,
    action: 'certificate.renew-again',
    subject: `certificate:${found.id}`,
    changes: { zone, holder, serial: found.serial, renews: id },
    reason: null,
  };
  await act(context.database, entry, async () => {});
  context.events.emit('ledger');
  return { state: 'issued', certificate: found.body };
}

async function issueNext(context: Context, order: IssueOrder & { renews: string }): Promise<Enrolled> {
  const signed = await signFor(context, order);
  const at = context.now();
  const replaces: string[] = [];
  const entry = {
    at,
    actor: order.issuedBy,
    action: 'certificate.renew',
    subject: `certificate:${signed.id}`,
    changes: { ...issuedChanges(order, signed), renews: order.renews, replaces },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    replaces.push(...(await replaceUnused(transaction, order, at)));
    await storeIssued(transaction, order, signed, at);
  });
  announce(context);
  return { state: 'issued', certificate: signed.certificate.der };
}

/** Revokes what was issued in the same place to other keys and never used. Of two that ask at once, the second waits for the first. */
async function replaceUnused(
  transaction: Executor,
  { renews, key }: IssueOrder & { renews: string },
  at: number,
): Promise<string[]> {
  const { rows } =
    await sql`select 1 from certificate where id = ${renews} and revoked is null for update`.execute(
      transaction,
    );
  if (rows.length === 0) throw new Refusal('forbidden', 'The certificate that is renewed was revoked');
  const others = (await successorsOf(transaction, renews, at)).filter(({ revoked }) => revoked === null);
  if (others.some((other) => other.key === keyDigestOf(key.spki)))
    throw new Refusal('conflict', 'The same is being issued at this moment; ask again');
  const unused = others.filter(({ seen }) => seen === null);
  for (const { id } of unused) await markRevoked(transaction, id, 'superseded', at);
  return unused.map(({ serial }) => serial);
}
