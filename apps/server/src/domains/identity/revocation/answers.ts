import { type CertificateId, parseQuestion, refusedAnswer, type Standing, signAnswer } from '@wardline/pki';
import type { Context } from '../../../context.ts';
import { ANSWER_MICROS } from '../limits.ts';
import { standingOf } from '../rounds.ts';
import { type Known, Overloaded } from './lookup.ts';

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
  const known = await knownOf(context, authority, certificates);
  if (known === null) return { body: refusedAnswer('later'), isKept: false };
  const [first] = known;
  const isAhead = certificates.length === 1 && nonce === null && certificates[0]!.hash === 'sha1';
  if (isAhead && first?.answer && first.answer_until > context.now())
    return { body: first.answer, isKept: true };
  const row = (await context.authorities.all()).find(({ id }) => id === authority);
  const responder = row === undefined ? null : await context.authorities.responder(row);
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
async function authorityOf({ lookup }: Context, asked: readonly CertificateId[]): Promise<string | null> {
  const found = new Set(await Promise.all(asked.map((one) => lookup.authorityOf(one))));
  const [only = null] = found;
  return found.size === 1 ? only : null;
}

/** Null where too many ask at this moment. */
async function knownOf(
  { lookup }: Context,
  authority: string,
  asked: readonly CertificateId[],
): Promise<(Known | null)[] | null> {
  try {
    return await Promise.all(asked.map(({ serial }) => lookup.certificate(authority, serial)));
  } catch (error) {
    if (error instanceof Overloaded) return null;
    throw error;
  }
}
