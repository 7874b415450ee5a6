import {
  type CertificateId,
  issuerNames,
  parseQuestion,
  type RevocationReason,
  refusedAnswer,
  type Standing,
  signAnswer,
} from '@wardline/pki';
import { sql } from 'kysely';
import type { Context } from '../../../context.ts';
import { mustParse, type StoredAuthority } from '../authorities/authorities.ts';
import { ANSWER_MICROS } from '../limits.ts';
import { standingOf } from '../rounds.ts';

interface Known {
  revoked: number | null;
  why: RevocationReason | null;
  answer: Buffer | null;
  answer_until: number;
}

/** What is told to a question, hostile ones among them. `isKept`: it was signed ahead, and others may keep it a while. */
export async function answerTo(
  context: Context,
  question: Uint8Array,
): Promise<{ body: Uint8Array; isKept: boolean }> {
  const read = parseQuestion(question);
  if (!read.ok) return { body: refusedAnswer('malformed'), isKept: false };
  const { certificates, nonce } = read.value;
  const authority = await authorityOf(context, certificates);
  if (authority === null) return { body: refusedAnswer('unauthorised'), isKept: false };
  const known = await Promise.all(certificates.map(({ serial }) => knownOf(context, authority.id, serial)));
  const [first] = known;
  const isAhead = certificates.length === 1 && nonce === null && certificates[0]!.hash === 'sha1';
  if (isAhead && first?.answer && first.answer_until > context.now())
    return { body: first.answer, isKept: true };
  const responder = await context.authorities.responder(authority);
  if (responder === null) return { body: refusedAnswer('later'), isKept: false };
  const at = context.now();
  const answers = certificates.map(({ der: id }, i) => ({ id, standing: standing(known[i] ?? null) }));
  const times = { thisUpdate: at, nextUpdate: at + ANSWER_MICROS };
  return { body: await signAnswer(responder, answers, times, nonce), isKept: false };
}

/** One that was never issued is unknown, and never good. */
const standing = (known: Known | null): Standing =>
  known === null ? { state: 'unknown' } : standingOf(known.revoked, known.why);

/** The one authority of all that is asked; null where it is none of here, or several. */
async function authorityOf(
  { authorities }: Context,
  asked: readonly CertificateId[],
): Promise<StoredAuthority | null> {
  const rows = (await authorities.all()).filter(({ certificate }) => certificate !== null);
  const isOf = (row: StoredAuthority, { hash, issuerKey, issuerName }: CertificateId) => {
    const names = issuerNames(mustParse(row.certificate!), hash);
    return names.issuerKey === issuerKey && names.issuerName === issuerName;
  };
  return rows.find((row) => asked.every((one) => isOf(row, one))) ?? null;
}

async function knownOf({ database }: Context, authority: string, serial: string): Promise<Known | null> {
  const { rows } = await sql<Known>`select revoked, revoked_why as why, answer, answer_until from certificate
    where authority = ${authority} and serial = ${serial}`.execute(database);
  return rows[0] ?? null;
}
