import { randomBytes, randomUUID } from 'node:crypto';
import type { AssuranceLevel } from '@wardline/model';
import {
  type Certificate,
  type Holder,
  issueLeaf,
  keyDigestOf,
  PkiError,
  type PublicKey,
  parseCertificate,
  renewalAt,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { Refusal } from '../../../http/problems.ts';
import type { Executor } from '../../../store/database.ts';
import { CERTIFICATES_PER_HOLDER } from '../limits.ts';

/** For whom a certificate is made, and by whose word. */
export interface IssueOrder {
  zone: string;
  holder: Holder;
  asset: string | null;
  key: PublicKey;
  assurance: AssuranceLevel;
  issuedBy: string;
  /** The one that it follows. */
  renews: string | null;
}

export interface Issued {
  id: string;
  certificate: Certificate;
}

/** Signs a certificate; nothing is stored. @throws Refusal where the zone has nobody who could */
export async function signFor(
  context: Context,
  { zone, holder, key }: IssueOrder,
): Promise<Issued & { authority: string }> {
  const row = await context.authorities.issuing(zone);
  if (row === null) throw new Refusal('conflict', `No authority issues for ${zone}`);
  const authority = await context.authorities.open(row);
  if (authority === null)
    throw new Refusal('conflict', `The key of ${zone} cannot be opened, so that its authority cannot sign`);
  const moment = { at: context.now(), random: randomBytes(16) };
  const order = { holder, key, places: context.authorities.places(row.id) };
  const der = await issueLeaf(authority, authority.scope, order, moment).catch((error: unknown) => {
    throw error instanceof PkiError ? new Refusal('conflict', error.message) : error;
  });
  const read = parseCertificate(der);
  if (!read.ok) throw new Error(`what was issued cannot be read: ${read.refused.message}`);
  return { id: randomUUID(), certificate: read.value, authority: row.id };
}

/** Stores what was signed, within the transaction of the act that led to it. */
export async function storeIssued(
  transaction: Executor,
  order: IssueOrder,
  { id, certificate, authority }: Issued & { authority: string },
  at: number,
): Promise<void> {
  const { zone, holder, asset, key, assurance, issuedBy, renews } = order;
  await mustBeFew(transaction, zone, holder.id, at);
  const digest = keyDigestOf(key.spki);
  await sql`insert into certificate (id, authority, serial, zone, profile, holder, asset, key_digest, body, not_before, not_after,
      renew_at, assurance, issued, issued_by, renews)
    values (${id}, ${authority}, ${certificate.serial}, ${zone}, ${holder.profile}, ${holder.id}, ${asset}, ${digest},
      ${Buffer.from(certificate.der)}, ${certificate.notBefore}, ${certificate.notAfter}, ${renewalAt(certificate)}, ${assurance},
      ${at}, ${issuedBy}, ${renews})`.execute(transaction);
  if (renews !== null)
    await sql`update certificate set renewed = ${at} where id = ${renews}`.execute(transaction);
}

async function mustBeFew(transaction: Executor, zone: string, holder: string, at: number): Promise<void> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from certificate
    where zone = ${zone} and holder = ${holder} and revoked is null and not_after > ${at}`.execute(
    transaction,
  );
  if (rows[0]!.n >= CERTIFICATES_PER_HOLDER)
    throw new Refusal(
      'conflict',
      `${holder} has ${CERTIFICATES_PER_HOLDER} certificates that hold; revoke those that it no longer uses`,
    );
}

/** What the ledger keeps of it. */
export const issuedChanges = ({ zone, holder, key, assurance }: IssueOrder, { certificate }: Issued) => ({
  zone,
  profile: holder.profile,
  holder: holder.id,
  serial: certificate.serial,
  key: keyDigestOf(key.spki),
  assurance,
});
