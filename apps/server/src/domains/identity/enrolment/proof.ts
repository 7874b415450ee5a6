import { createHash } from 'node:crypto';
import {
  type Certificate,
  firstOf,
  keyDigestOf,
  parseCertificate,
  validateInZone,
  validatePath,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { act } from '../../../ledger/append.ts';
import { markRevoked } from '../certificates/revoke.ts';
import type { StoredCode } from './codes.ts';

/** A certificate of here, as it is stored. */
export interface HeldCertificate {
  id: string;
  zone: string;
  profile: 'device' | 'gateway' | 'server' | 'person';
  holder: string;
  asset: string | null;
  revoked: number | null;
  renews: string | null;
  seen: number | null;
}

/** How whoever asks has shown who it is. */
export type Proof =
  | { way: 'code'; code: StoredCode }
  | { way: 'manufacturer'; vendor: string; serialNumber: string | null }
  | { way: 'renewal'; held: HeldCertificate; certificate: Certificate };

const SERIAL_NUMBER = '2.5.4.5';

/** What the certificates that a device showed are worth; null where they are worth nothing here. */
export async function provedBy(context: Context, shown: readonly Buffer[]): Promise<Proof | null> {
  const [leaf, ...between] = shown.flatMap((der) => {
    const read = parseCertificate(der);
    return read.ok ? [read.value] : [];
  });
  if (leaf === undefined) return null;
  return (await asHeld(context, leaf)) ?? (await asManufactured(context, leaf, between));
}

/** One that was issued here, holds now, and was not revoked. */
async function asHeld(context: Context, leaf: Certificate): Promise<Proof | null> {
  const held = await issuedHere(context, leaf);
  if (held === null || held.revoked !== null) return null;
  await noteSeen(context, held, context.now());
  return { way: 'renewal', held, certificate: leaf };
}

/** What a certificate is here: of an asset and in force, revoked, or none that an authority of here issued. */
export type Standing = { state: 'held'; asset: string } | { state: 'revoked' } | { state: 'foreign' };

export async function standingHere(context: Context, shown: readonly Buffer[]): Promise<Standing> {
  const read = shown[0] === undefined ? null : parseCertificate(shown[0]);
  const held = read?.ok === true ? await issuedHere(context, read.value) : null;
  if (held === null) return { state: 'foreign' };
  if (held.revoked !== null) return { state: 'revoked' };
  await noteSeen(context, held, context.now());
  return held.asset === null ? { state: 'foreign' } : { state: 'held', asset: held.asset };
}

/** The stored certificate, revoked or not; null where no authority that is taken issued it, or it does not hold at this moment. */
async function issuedHere(context: Context, leaf: Certificate): Promise<HeldCertificate | null> {
  const { scopes, between, roots } = await context.authorities.zones();
  const at = context.now();
  const valid = validateInZone({ leaf, between, roots, at, purpose: null }, scopes);
  if (!valid.ok) return null;
  const { rows } = await sql<HeldCertificate>`
    select c.id, c.zone, c.profile, c.holder, c.asset, c.revoked, c.renews, c.seen from certificate c join authority a on a.id = c.authority
    where a.key_digest = ${valid.value.issuer} and c.serial = ${leaf.serial} and c.body = ${Buffer.from(leaf.der)}`.execute(
    context.database,
  );
  return rows[0] ?? null;
}

/** The one before is revoked as soon as the new one is used: until then both hold, so that a device that loses power loses nothing. */
async function noteSeen(
  context: Context,
  { id, renews, seen, zone, holder }: HeldCertificate,
  at: number,
): Promise<void> {
  if (seen !== null || renews === null) {
    await sql`update certificate set seen = ${at} where id = ${id}`.execute(context.database);
    return;
  }
  const entry = {
    at,
    actor: `device:${holder}`,
    action: 'certificate.supersede',
    subject: `certificate:${renews}`,
    changes: { zone, holder, by: id },
    reason: null,
  };
  await act(context.database, entry, async (transaction) => {
    await sql`update certificate set seen = ${at} where id = ${id}`.execute(transaction);
    await markRevoked(transaction, renews, 'superseded', at);
  });
  context.trust.soon();
}

interface StoredMaker {
  vendor: string;
  certificate: Buffer;
}

/** IEEE 802.1AR: the maker vouches for the device by a root that was pinned for this maker and no other. */
async function asManufactured(
  context: Context,
  leaf: Certificate,
  between: readonly Certificate[],
): Promise<Proof | null> {
  const { rows } = await sql<StoredMaker>`select vendor, certificate from maker
    where kind = 'devices' order by added`.execute(context.database);
  const maker = rows.find(({ certificate }) => {
    const root = parseCertificate(certificate);
    return (
      root.ok && validatePath({ leaf, between, roots: [root.value], at: context.now(), purpose: null }).ok
    );
  });
  if (maker === undefined) return null;
  return { way: 'manufacturer', vendor: maker.vendor, serialNumber: firstOf(leaf.subject, SERIAL_NUMBER) };
}

/**
 * A one-time code comes as the password of HTTP Basic (RFC 7030 §3.2.3); the name before it does not matter. It ends for whoever has not
 * used it; the key that used it asks with it for as long as a person takes to decide.
 */
export async function provedByCode(
  context: Context,
  authorization: string | undefined,
  key: { spki: Uint8Array },
): Promise<Proof | null> {
  const encoded = /^Basic ([A-Za-z0-9+/=]{1,400})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const digest = createHash('sha256')
    .update(text.slice(text.indexOf(':') + 1))
    .digest('hex');
  const { rows } =
    await sql<StoredCode>`select id, asset, zone, profile, hosts, tpm, element from enrolment_code
    where digest = ${digest} and ((spent is null and expires > ${context.now()}) or spent_key = ${keyDigestOf(key.spki)})`.execute(
      context.database,
    );
  return rows[0] === undefined ? null : { way: 'code', code: rows[0] };
}
