import { AgentError } from '../agent-error.ts';
import type { BootOffer, BootQuestion, BootQuote } from '../keys/keeper.ts';
import { base64, type DoorSettings, questionAt, sentToDoor, textAt } from './device-door.ts';

/** What the server made of a boot. */
export interface BootVerdict {
  status: 'affirmed' | 'unknown' | 'contradicted';
  /** 2: a quote; 3: a quote with its log and reference values. */
  grade: number;
}

/** PCRs of a TPM. */
const MOST_PCRS = 24;

/** Shows the server what was booted: an offer, a question, a quote, a verdict. @throws AgentError */
export async function shownBoot(
  settings: DoorSettings,
  quote: (ask: (offer: BootOffer) => Promise<BootQuestion>) => Promise<BootQuote>,
  log: Buffer | null,
): Promise<BootVerdict> {
  let id = '';
  const { secret, quoted, signature, pcrs } = await quote(async (offer) => {
    const question = await sentToDoor(settings, 'boot/question', {
      ekPublic: base64(offer.ekPublic),
      akPublic: base64(offer.akPublic),
      ekCertificate: base64(offer.ekCertificate),
      intermediates: offer.intermediates.map(base64),
    });
    id = textAt(question, 'id');
    return { ...questionAt(question), pcrs: pcrsOf(question.pcrs) };
  });
  const verdict = await sentToDoor(settings, 'boot/answer', {
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
