import { AgentError } from '../agent-error.ts';
import type { TpmAnswer, TpmOffer, TpmQuestion } from '../keys/keeper.ts';
import { base64, type DoorSettings, questionAt, sentToDoor, textAt } from './device-door.ts';

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

const offerBody = ({ ekPublic, akPublic, keyPublic, ekCertificate, intermediates }: TpmOffer) => ({
  ekPublic: base64(ekPublic),
  akPublic: base64(akPublic),
  keyPublic: base64(keyPublic),
  ekCertificate: base64(ekCertificate),
  intermediates: intermediates.map(base64),
});
