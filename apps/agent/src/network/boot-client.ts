import { AgentError } from '../agent-error.ts';
import type { BootOffer, BootQuestion, BootQuote } from '../keys/keeper.ts';
import type { Ask, Exchange, Identity } from './exchange.ts';

/** What the server made of a boot. */
export interface BootVerdict {
  status: 'affirmed' | 'unknown' | 'contradicted';
  /** 2: a quote; 3: a quote with its log and reference values. */
  grade: number;
}

export interface BootSettings extends Pick<Ask, 'server' | 'judge'> {
  as: Identity;
  exchange: Exchange;
}

/** PCRs of a TPM. */
const MOST_PCRS = 24;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Shows the server what was booted: an offer, a question, a quote, a verdict. @throws AgentError */
export async function shownBoot(
  settings: BootSettings,
  quote: (ask: (offer: BootOffer) => Promise<BootQuestion>) => Promise<BootQuote>,
  log: Buffer | null,
): Promise<BootVerdict> {
  let id = '';
  const { secret, quoted, signature, pcrs } = await quote(async (offer) => {
    const question = await sent(settings, 'question', {
      ekPublic: base64(offer.ekPublic),
      akPublic: base64(offer.akPublic),
      ekCertificate: base64(offer.ekCertificate),
      intermediates: offer.intermediates.map(base64),
    });
    id = textOf(question, 'id');
    const [challenge, blob, seed] = ['challenge', 'blob', 'seed'].map((name) =>
      Buffer.from(textOf(question, name), 'base64'),
    );
    return { challenge: challenge!, blob: blob!, seed: seed!, pcrs: pcrsOf(question.pcrs) };
  });
  const verdict = await sent(settings, 'answer', {
    id,
    secret: base64(secret),
    quoted: base64(quoted),
    signature: base64(signature),
    pcrs: pcrs.map(({ pcr, value }) => ({ pcr, value: base64(value) })),
    log: log === null ? null : base64(log),
  });
  const { status, grade } = verdict;
  const isKnown = status === 'affirmed' || status === 'unknown' || status === 'contradicted';
  if (!isKnown || typeof grade !== 'number') throw new AgentError('network', 'A verdict that cannot be read');
  return { status, grade };
}

function pcrsOf(value: unknown): number[] {
  const isList = Array.isArray(value) && value.length > 0 && value.length <= MOST_PCRS;
  if (!isList || !value.every((pcr) => Number.isInteger(pcr) && pcr >= 0 && pcr < MOST_PCRS))
    throw new AgentError('network', 'The server asks for no PCRs that there are');
  return value as number[];
}

async function sent(
  { exchange, ...ask }: BootSettings,
  what: 'question' | 'answer',
  body: object,
): Promise<Record<string, unknown>> {
  const answer = await exchange({
    ...ask,
    method: 'POST',
    path: `/device/v1/boot/${what}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const read = objectOf(answer.body);
  if (answer.status === 200) return read;
  const why = typeof read.detail === 'string' ? read.detail : `the server answers ${answer.status}`;
  throw new AgentError(answer.status >= 500 ? 'network' : 'refused', why.slice(0, 400), answer.status);
}

function objectOf(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said by whoever looks for a field.
  }
  return {};
}

function textOf(value: Record<string, unknown>, name: string): string {
  const text = value[name];
  if (typeof text !== 'string' || text.length > 16_384)
    throw new AgentError('network', `An answer without ${name}`);
  return text;
}
