import { AgentError } from '../agent-error.ts';
import type { TpmAnswer, TpmOffer, TpmQuestion } from '../keys/keeper.ts';
import { base64, bytesAt, type DoorSettings, questionAt, sentToDoor, textAt } from './device-door.ts';

/** Whether a key was proved, or why not. */
export interface KeyProof {
  isProved: boolean;
  why: string | null;
}

/** Proves a key to the server: an offer, a question, an answer, a verdict. @throws AgentError where nobody answers */
export async function provedTo(
  settings: DoorSettings,
  prove: (ask: (offer: TpmOffer) => Promise<TpmQuestion>) => Promise<TpmAnswer>,
): Promise<KeyProof> {
  try {
    let id = '';
    const { secret, certifyInfo, signature } = await prove(async (offer) => {
      const question = await sentToDoor(settings, 'attestation/question', offerBody(offer));
      id = textAt(question, 'id');
      return questionAt(question);
    });
    const said = {
      id,
      secret: base64(secret),
      certifyInfo: base64(certifyInfo),
      signature: base64(signature),
    };
    const verdict = await sentToDoor(settings, 'attestation/answer', said);
    return { isProved: verdict.assurance === 'hardware-proved', why: null };
  } catch (error) {
    // What the server or the TPM says no to is told, and does not keep the device from a certificate.
    if (!(error instanceof AgentError) || error.code === 'network' || error.code === 'untrusted') throw error;
    return { isProved: false, why: error.message };
  }
}

/** A secure element or TEE vouches for a key by a token that holds this nonce. */
export type ElementToken = (nonce: Buffer) => Promise<Buffer>;

/** Has the element vouch for a key (SubjectPublicKeyInfo). @throws AgentError where nobody answers */
export async function vouchedTo(
  settings: DoorSettings,
  spki: Uint8Array,
  tokenOf: ElementToken,
): Promise<KeyProof> {
  try {
    const question = await sentToDoor(settings, 'element/question', { key: base64(spki) });
    const token = await tokenOf(bytesAt(question, 'nonce'));
    const said = { id: textAt(question, 'id'), token: base64(token) };
    const { assurance } = await sentToDoor(settings, 'element/answer', said);
    if (assurance === 'hardware-proved') return { isProved: true, why: null };
    return { isProved: false, why: 'The element vouches for the key, and does not say that it holds it' };
  } catch (error) {
    if (!(error instanceof AgentError) || error.code === 'network' || error.code === 'untrusted') throw error;
    return { isProved: false, why: error.message };
  }
}

const offerBody = ({ ekPublic, akPublic, keyPublic, ekCertificate, intermediates }: TpmOffer) => ({
  ekPublic: base64(ekPublic),
  akPublic: base64(akPublic),
  keyPublic: base64(keyPublic),
  ekCertificate: base64(ekCertificate),
  intermediates: intermediates.map(base64),
});
