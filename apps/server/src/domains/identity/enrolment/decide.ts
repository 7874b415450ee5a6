import type { AssuranceLevel } from '@wardline/model';
import { checkRequest, holderNames, parseRequest } from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import type { Executor } from '../../../store/database.ts';
import { scopeOf } from '../authorities/authorities.ts';
import { type IssueOrder, issuedChanges, signFor, storeIssued } from '../certificates/issue.ts';
import { holderLabel, mustAllow } from './enrol.ts';
import { mustBeInUse } from './in-use.ts';
import type { HeldCertificate } from './proof.ts';

interface Waiting {
  way: 'code' | 'manufacturer' | 'renewal';
  profile: HeldCertificate['profile'];
  hosts: string[];
  assurance: AssuranceLevel;
  request: Buffer;
  renews: string | null;
}

async function waitingOne(database: Executor, id: string): Promise<Waiting> {
  const { rows } = await sql<Waiting & { state: string }>`
    select state, way, profile, hosts, assurance, request, renews from enrolment where id = ${id}`.execute(
    database,
  );
  if (rows[0] === undefined) throw new Refusal('not-found');
  if (rows[0].state !== 'waiting') throw new Refusal('conflict', 'Somebody decided this already');
  return rows[0];
}

/** A person says which device it is; its certificate is made at once and fetched when the device asks again. */
export async function approve(
  context: Context,
  actor: string,
  id: string,
  { asset, zone, reason }: { asset: string; zone: string; reason: string },
): Promise<{ id: string; certificate: string }> {
  const waiting = await waitingOne(context.database, id);
  const request = parseRequest(waiting.request);
  if (!request.ok) throw new Error('a stored request cannot be read');
  const authority = await context.authorities.issuing(zone);
  if (authority === null) throw new Refusal('conflict', `No authority issues for ${zone}`);
  const holder = { profile: waiting.profile, id: holderLabel(asset), hosts: waiting.hosts, mail: null };
  // A device that moved asks for its old names, and gets those of where it is now.
  if (waiting.way !== 'renewal')
    mustAllow(checkRequest(request.value, holderNames(holder, scopeOf(authority))));
  const { publicKey: key } = request.value;
  const order: IssueOrder = {
    zone,
    holder,
    asset,
    key,
    assurance: waiting.assurance,
    issuedBy: actor,
    renews: waiting.renews,
  };
  const signed = await signFor(context, order);
  const at = context.now();
  const changes = { ...issuedChanges(order, signed), asset };
  const entry = { at, actor, action: 'enrolment.approve', subject: `enrolment:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    await mustBeInUse(transaction, asset);
    await storeIssued(transaction, order, signed, at);
    await decided(transaction, id, {
      state: 'issued',
      at,
      actor,
      reason,
      certificate: signed.id,
      asset,
      zone,
    });
  });
  return { id, certificate: signed.id };
}

/** @throws Refusal where it does not wait */
export async function refuse(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<{ id: string; certificate: null }> {
  const at = context.now();
  await waitingOne(context.database, id);
  const entry = { at, actor, action: 'enrolment.refuse', subject: `enrolment:${id}`, changes: {}, reason };
  await act(context.database, entry, (transaction) =>
    decided(transaction, id, {
      state: 'refused',
      at,
      actor,
      reason,
      certificate: null,
      asset: null,
      zone: null,
    }),
  );
  return { id, certificate: null };
}

interface Decision {
  state: 'issued' | 'refused';
  at: number;
  actor: string;
  reason: string;
  certificate: string | null;
  asset: string | null;
  zone: string | null;
}

async function decided(
  transaction: Executor,
  id: string,
  { state, at, actor, reason, certificate, asset, zone }: Decision,
): Promise<void> {
  const { numAffectedRows } =
    await sql`update enrolment set state = ${state}, decided = ${at}, decided_by = ${actor}, decision = ${reason},
    certificate = ${certificate}::uuid, asset = coalesce(${asset}, asset), zone = coalesce(${zone}, zone)
    where id = ${id} and state = 'waiting'`.execute(transaction);
  if (numAffectedRows !== 1n) throw new Refusal('conflict', 'Somebody decided this already');
}
