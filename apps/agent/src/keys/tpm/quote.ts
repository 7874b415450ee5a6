import type { BootOffer, BootQuestion, BootQuote } from '../keeper.ts';
import { activated, attestationKey, type ProofSettings } from './prove.ts';
import { withTpm } from './tools.ts';

const DIGEST = 32;

/**
 * Has the TPM say what was measured since it was started: a new attestation key, a secret that opens only with it and the endorsement key
 * together, and a quote that holds the challenge.
 */
export const quoteBoot = (
  { tcti, ekCertificates }: Omit<ProofSettings, 'place'>,
  ask: (offer: BootOffer) => Promise<BootQuestion>,
): Promise<BootQuote> =>
  withTpm(tcti, async (tpm) => {
    const question = await ask(await attestationKey(tpm, ekCertificates));
    const secret = await activated(tpm, question);
    const ascending = question.pcrs.toSorted((a, b) => a - b);
    const values = ['-o', 'pcrs', '-F', 'values', '-g', 'sha256'];
    const over = ['-l', `sha256:${ascending.join(',')}`, '-q', question.challenge.toString('hex')];
    await tpm.tool('quote', '-c', 'ak.ctx', ...over, '-m', 'quoted', '-s', 'signature', ...values);
    const read = tpm.read('pcrs');
    const pcrs = ascending.map((pcr, at) => ({ pcr, value: read.subarray(at * DIGEST, (at + 1) * DIGEST) }));
    return { secret, quoted: tpm.read('quoted'), signature: tpm.read('signature'), pcrs };
  });
