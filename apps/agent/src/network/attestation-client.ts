import { AgentError } from '../agent-error.ts';
import type { TpmAnswer, TpmOffer, TpmQuestion } from '../keys/keeper.ts';
import type { Answer, Ask, Exchange, Identity } from './exchange.ts';

export interface AttestationSettings {
  server: URL;
  exchange: Exchange;
  judge: Ask['judge'];
  /** By what the device shows who it is: its certificate, or the one-time code. */
  as: Identity | null;
  code: string | null;
}

/** Whether a key was proved, or why not. */
export interface KeyProof {
  isProved: boolean;
  why: string | null;
}

/** Proves a key to the server: an offer, a question, an answer, a verdict. @throws AgentError where nobody answers */
export async function provedTo(
  settings: AttestationSettings,
  prove: (ask: (offer: TpmOffer) => Promise<TpmQuestion>) => Promise<TpmAnswer>,
): Promise<KeyProof> {
  try {
    let id = '';
    const { secret, certifyInfo, signature } = await prove(async (offer) => {
      const question = await sent(settings, 'question', offerBody(offer));
      id = textOf(question, 'id');
      const [challenge, blob, seed] = ['challenge', 'blob', 'seed'].map((name) => bytesOf(question, name));
      return { challenge: challenge!, blob: blob!, seed: seed! };
    });
    const said = {
      id,
      secret: base64(secret),
      certifyInfo: base64(certifyInfo),
      signature: base64(signature),
    };
    const verdict = await sent(settings, 'answer', said);
    return { isProved: verdict.assurance === 'hardware-proved', why: null };
  } catch (error) {
    // What the server or the TPM says no to is told, and does not keep the device from a certificate.
    if (!(error instanceof AgentError) || error.code === 'network' || error.code === 'untrusted') throw error;
    return { isProved: false, why: error.message };
  }
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');

const offerBody = ({ ekPublic, akPublic, keyPublic, ekCertificate, intermediates }: TpmOffer) => ({
  ekPublic: base64(ekPublic),
  akPublic: base64(akPublic),
  keyPublic: base64(keyPublic),
  ekCertificate: base64(ekCertificate),
  intermediates: intermediates.map(base64),
});

async function sent(
  { server, exchange, judge, as, code }: AttestationSettings,
  what: 'question' | 'answer',
  body: object,
): Promise<Record<string, unknown>> {
  const basic =
    code === null ? {} : { authorization: `Basic ${Buffer.from(`device:${code}`).toString('base64')}` };
  const headers = { 'content-type': 'application/json', ...basic };
  const path = `/device/v1/attestation/${what}`;
  const answer = await exchange({
    server,
    method: 'POST',
    path,
    headers,
    body: JSON.stringify(body),
    as,
    judge,
  });
  if (answer.status >= 500 || answer.status === 429)
    throw new AgentError('network', `The server answers ${answer.status}`, answer.status);
  const read = objectOf(answer);
  if (answer.status === 200) return read;
  const why = typeof read.detail === 'string' ? read.detail : `the server answers ${answer.status}`;
  throw new AgentError('refused', why.slice(0, 400), answer.status);
}

function objectOf({ body }: Answer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  return {};
}

function textOf(value: Record<string, unknown>, name: string): string {
  const text = value[name];
  if (typeof text !== 'string' || text.length > 8000)
    throw new AgentError('network', `An answer without ${name}`);
  return text;
}

const bytesOf = (value: Record<string, unknown>, name: string): Buffer =>
  Buffer.from(textOf(value, name), 'base64');
