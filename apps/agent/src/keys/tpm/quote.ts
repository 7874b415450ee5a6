import type { BootOffer, BootQuestion, BootQuote } from '../keeper.ts';
import { activated, endorsement, type ProofSettings } from './prove.ts';
import { inside } from './structures.ts';
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
    const { kind, certificates } = await endorsement(tpm, ekCertificates);
    await tpm.tool('createek', '-c', 'ek.ctx', '-G', kind, '-u', 'ek.pub');
    const kindOfKey = ['-G', 'ecc', '-s', 'ecdsa', '-g', 'sha256'];
    await tpm.tool('createak', '-C', 'ek.ctx', '-c', 'ak.ctx', ...kindOfKey, '-u', 'ak.pub');
    const [ekCertificate, ...intermediates] = certificates;
    const question = await ask({
      ekPublic: inside(tpm.read('ek.pub')),
      akPublic: inside(tpm.read('ak.pub')),
      ekCertificate: ekCertificate!,
      intermediates,
    });
    const secret = await activated(tpm, question);
    const ascending = question.pcrs.toSorted((a, b) => a - b);
    const values = ['-o', 'pcrs', '-F', 'values', '-g', 'sha256'];
    const over = ['-l', `sha256:${ascending.join(',')}`, '-q', question.challenge.toString('hex')];
    await tpm.tool('quote', '-c', 'ak.ctx', ...over, '-m', 'quoted', '-s', 'signature', ...values);
    const read = tpm.read('pcrs');
    const pcrs = ascending.map((pcr, at) => ({ pcr, value: read.subarray(at * DIGEST, (at + 1) * DIGEST) }));
    return { secret, quoted: tpm.read('quoted'), signature: tpm.read('signature'), pcrs };
  });
