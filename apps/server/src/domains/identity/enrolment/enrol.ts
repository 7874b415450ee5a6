import { randomUUID } from 'node:crypto';
import type { AssuranceLevel } from '@wardline/model';
import {
  type CertificationRequest,
  checkRequest,
  type Holder,
  holderNames,
  keyDigestOf,
  type Refused,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { scopeOf } from '../authorities/authorities.ts';
import { type IssueOrder, issuedChanges, signFor, storeIssued } from '../certificates/issue.ts';
import { WAITING_ENROLMENTS } from '../limits.ts';
import { assuranceOf } from './assurance.ts';
import { type Fit, fitOf } from './fit.ts';
import type { Proof } from './proof.ts';

/** What becomes of whoever asks. */
export type Enrolled =
  | { state: 'issued'; certificate: Uint8Array }
  | { state: 'waiting' }
  | { state: 'refused'; message: string };

/** The part of a host name by which a holder is known: ids of assets may hold dots and colons. */
export const holderLabel = (asset: string): string =>
  asset
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .slice(0, 63);

/** A first certificate, for whoever came with a code or with its maker's certificate. */
export async function enrol(
  context: Context,
  proof: Proof,
  request: CertificationRequest,
): Promise<Enrolled> {
  const digest = keyDigestOf(request.publicKey.spki);
  const before = await askedBefore(context, digest);
  if (before !== null) return before;
  const assurance = await assuranceOf(context.database, digest);
  const fit = await fitOf(context, proof, assurance);
  const asked = { proof, request, fit, assurance };
  const fitting = fit.misfits.length === 0 && fit.zone !== null && fit.asset !== null;
  return fitting ? await issueFirst(context, asked) : await wait(context, asked);
}

interface Asked {
  proof: Proof;
  request: CertificationRequest;
  fit: Fit;
  assurance: AssuranceLevel;
}

/** The same key asks again: for what a person decides, or because the answer was lost on its way. */
export async function askedBefore({ database, now }: Context, digest: string): Promise<Enrolled | null> {
  const { rows } = await sql<{
    state: Enrolled['state'];
    decision: string | null;
    body: Buffer | null;
    revoked: number | null;
  }>`
    update enrolment e set last_asked = ${now()} from enrolment f left join certificate c on c.id = f.certificate
    where f.id = e.id and e.key_digest = ${digest} returning e.state, e.decision, c.body, c.revoked`.execute(
    database,
  );
  const [found] = rows;
  if (found === undefined) return null;
  if (found.state === 'waiting') return { state: 'waiting' };
  if (found.state === 'refused')
    return { state: 'refused', message: `A person refused it: ${found.decision ?? ''}` };
  if (found.revoked !== null)
    return { state: 'refused', message: 'The certificate of this key was revoked; a new key is needed' };
  return { state: 'issued', certificate: found.body! };
}

/** @throws Refusal with what is asked for and may not be */
export function mustAllow(outcome: { ok: true } | { ok: false; refused: Refused }): void {
  if (outcome.ok) return;
  const { message, offset } = outcome.refused;
  throw new Refusal(
    'invalid-request',
    offset === null ? message : `${message} (byte ${offset} of the request)`,
  );
}

async function namesIn(context: Context, zone: string, holder: Holder) {
  const authority = await context.authorities.issuing(zone);
  if (authority === null) throw new Refusal('conflict', `No authority issues for ${zone}`);
  return holderNames(holder, scopeOf(authority));
}

async function issueFirst(context: Context, { proof, request, fit, assurance }: Asked): Promise<Enrolled> {
  const [zone, asset] = [fit.zone!, fit.asset!];
  const holder = { profile: fit.profile, id: holderLabel(asset), hosts: fit.hosts, mail: null };
  mustAllow(checkRequest(request, await namesIn(context, zone, holder)));
  const actor = `device:${holder.id}`;
  const order: IssueOrder = {
    zone,
    holder,
    asset,
    key: request.publicKey,
    assurance,
    issuedBy: actor,
    renews: null,
  };
  const signed = await signFor(context, order);
  const at = context.now();
  const changes = { ...issuedChanges(order, signed), way: proof.way };
  const entry = {
    at,
    actor,
    action: 'enrolment.issue',
    subject: `certificate:${signed.id}`,
    changes,
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    await spend(transaction, proof, request, at);
    await storeIssued(transaction, order, signed, at);
    await storeEnrolment(
      transaction,
      { proof, request, fit, assurance },
      { at, state: 'issued', certificate: signed.id },
    );
  });
  announce(context);
  return { state: 'issued', certificate: signed.certificate.der };
}

/** A code is good for one key. */
async function spend(
  transaction: Executor,
  proof: Proof,
  { publicKey }: CertificationRequest,
  at: number,
): Promise<void> {
  if (proof.way !== 'code') return;
  const { numAffectedRows } =
    await sql`update enrolment_code set spent = ${at}, spent_key = ${keyDigestOf(publicKey.spki)}
    where id = ${proof.code.id} and spent is null`.execute(transaction);
  if (numAffectedRows !== 1n) throw new Refusal('conflict', 'This code was used already');
}

/** What does not fit the inventory waits for a person. */
export async function wait(context: Context, asked: Asked): Promise<Enrolled> {
  const { proof, request, fit } = asked;
  const at = context.now();
  const key = keyDigestOf(request.publicKey.spki);
  const changes = { way: proof.way, key, misfits: fit.misfits.length };
  const entry = {
    at,
    actor: `device:${key.slice(0, 16)}`,
    action: 'enrolment.wait',
    subject: `key:${key}`,
    changes,
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from enrolment where state = 'waiting'`.execute(transaction);
    if (rows[0]!.n >= WAITING_ENROLMENTS)
      throw new Refusal('too-many-requests', 'Too many enrolments wait for a person; come again later');
    await spend(transaction, proof, request, at);
    await storeEnrolment(transaction, asked, { at, state: 'waiting', certificate: null });
  });
  announce(context);
  return { state: 'waiting' };
}

async function storeEnrolment(
  transaction: Executor,
  { proof, request, fit, assurance }: Asked,
  { at, state, certificate }: { at: number; state: 'issued' | 'waiting'; certificate: string | null },
): Promise<void> {
  const [maker, serial] = proof.way === 'manufacturer' ? [proof.vendor, proof.serialNumber] : [null, null];
  const renews = proof.way === 'renewal' ? proof.held.id : null;
  await sql`insert into enrolment (id, state, way, profile, hosts, zone, asset, maker, serial_number, misfits, assurance, key_digest,
      request, renews, asked, last_asked, certificate)
    values (${randomUUID()}, ${state}, ${proof.way}, ${fit.profile}, ${fit.hosts}::text[], ${fit.zone}, ${fit.asset}, ${maker}, ${serial},
      ${fit.misfits}::text[], ${assurance}, ${keyDigestOf(request.publicKey.spki)}, ${Buffer.from(request.der)}, ${renews}, ${at}, ${at},
      ${certificate})
    on conflict (key_digest) do nothing`.execute(transaction);
}

export function announce({ events, trust }: Context): void {
  trust.soon();
  events.emit('trust', 'ledger');
}
