import { randomUUID } from 'node:crypto';
import {
  type Certificate,
  checkZoneAuthority,
  fingerprintOf,
  fromPem,
  keyDigestOf,
  keySigner,
  PkiError,
  parseCertificate,
  printName,
  signRequest,
  toPem,
  type ZoneScope,
  zoneScope,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import { act } from '../../../ledger/append.ts';
import { AUTHORITIES } from '../limits.ts';
import { scopeOf } from './authorities.ts';
import { mustNotBeRevoked } from './root-list.ts';

export interface Wanted extends ZoneScope {
  reason: string;
}

/** Makes the key of a zone's authority here, and a request that the root signs elsewhere. */
export async function requestAuthority(
  context: Context,
  actor: string,
  { reason, ...given }: Wanted,
): Promise<{ id: string; request: string }> {
  const scope = refusing(() => zoneScope(given));
  const [id, at] = [randomUUID(), context.now()];
  const { key, sealed } = await context.authorities.newKey(scope.zone, id);
  const signer = keySigner(key);
  const request = Buffer.from(await signRequest(signer));
  const { zone, organization, domain, mailDomain } = scope;
  const digest = keyDigestOf(signer.publicKey.spki);
  const changes = { zone, domain, mailDomain, key: digest };
  const entry = { at, actor, action: 'authority.request', subject: `authority:${id}`, changes, reason };
  await act(context.database, entry, async (transaction) => {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from authority`.execute(transaction);
    if (rows[0]!.n >= AUTHORITIES)
      throw new Refusal('conflict', `There are ${AUTHORITIES} authorities, and no more can be had`);
    await sql`insert into authority_key (id, sealed) values (${id}, ${sealed})`.execute(transaction);
    await sql`insert into authority (id, zone, organization, domain, mail_domain, state, key_digest, request, added)
      values (${id}, ${zone}, ${organization}, ${domain}, ${mailDomain}, 'requested', ${digest}, ${request}, ${at})`.execute(
      transaction,
    );
  });
  return { id, request: toPem('CERTIFICATE REQUEST', request) };
}

/** Takes what the root signed: from now on this authority issues for its zone, and the one before retires. */
export async function installAuthority(
  context: Context,
  actor: string,
  given: { certificate: string; root: string; reason: string },
): Promise<{ id: string; zone: string }> {
  const at = context.now();
  const [certificate, root] = [onePem(given.certificate, 'certificate'), onePem(given.root, 'root')];
  const row = (await context.authorities.all()).find(
    ({ key_digest: key }) => key === keyDigestOf(certificate.publicKey.spki),
  );
  if (row?.state !== 'requested')
    throw new Refusal('conflict', 'No request of this server waits for this certificate');
  const fit = checkZoneAuthority(certificate, { root, scope: scopeOf(row), at });
  if (!fit.ok) throw new Refusal('conflict', fit.refused.message);
  const [fingerprint, subject] = [fingerprintOf(root), printName(root.subject)];
  await mustNotBeRevoked(context.database, fingerprint, certificate.serial);
  const changes = { zone: row.zone, serial: certificate.serial, root: fingerprint };
  const entry = {
    at,
    actor,
    action: 'authority.install',
    subject: `authority:${row.id}`,
    changes,
    reason: given.reason,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`insert into trust_root (fingerprint, certificate, subject, not_after, added)
      values (${fingerprint}, ${Buffer.from(root.der)}, ${subject}, ${root.notAfter}, ${at}) on conflict do nothing`.execute(
      transaction,
    );
    await sql`update authority set state = 'retiring' where zone = ${row.zone} and state = 'issuing'`.execute(
      transaction,
    );
    const { numAffectedRows } =
      await sql`update authority set state = 'issuing', certificate = ${Buffer.from(certificate.der)},
      root = ${fingerprint}, not_before = ${certificate.notBefore}, not_after = ${certificate.notAfter}, installed = ${at}
      where id = ${row.id} and state = 'requested'`.execute(transaction);
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'Somebody else installed it meanwhile');
  });
  return { id: row.id, zone: row.zone };
}

/** From now on nothing that it issued is taken here. Whoever else trusts it has to learn it from the root's own list. */
export async function withdrawAuthority(
  context: Context,
  actor: string,
  id: string,
  reason: string,
): Promise<{ id: string; zone: string }> {
  const at = context.now();
  const row = (await context.authorities.all()).find((one) => one.id === id);
  if (row === undefined) throw new Refusal('not-found');
  const entry = {
    at,
    actor,
    action: 'authority.withdraw',
    subject: `authority:${id}`,
    changes: { zone: row.zone },
    reason,
  };
  await act(context.database, entry, async (transaction) => {
    const { numAffectedRows } =
      await sql`update authority set state = 'withdrawn' where id = ${id} and state <> 'withdrawn'`.execute(
        transaction,
      );
    if (numAffectedRows !== 1n) throw new Refusal('conflict', 'It was withdrawn already');
  });
  return { id, zone: row.zone };
}

function onePem(text: string, what: string): Certificate {
  const blocks = refusing(() => fromPem(text, 'CERTIFICATE'));
  if (blocks.length !== 1)
    throw new Refusal(
      'invalid-request',
      `${what}: one certificate (PEM) is expected, found ${blocks.length}`,
    );
  const read = parseCertificate(blocks[0]!);
  if (!read.ok) throw new Refusal('invalid-request', `${what}: ${read.refused.message}`);
  return read.value;
}

function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof PkiError ? new Refusal('invalid-request', error.message) : error;
  }
}
