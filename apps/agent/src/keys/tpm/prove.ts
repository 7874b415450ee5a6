import { endorsementIdentifier, parseCertificate, parsePublicArea } from '@wardline/pki';
import { AgentError } from '../../agent-error.ts';
import type { BootOffer, TpmAnswer, TpmOffer, TpmQuestion } from '../keeper.ts';
import { certifyAnswer, certifyCommand, credentialFile, inside } from './structures.ts';
import { type Tcti, type TpmWork, withTpm } from './tools.ts';

/** Where the attestation key lies while it is used. */
const AK_PLACE = '0x81005740';
/** Where makers leave the certificate of an endorsement key (TCG EK Credential Profile §2.2.1.4): RSA 2048, and P-256. */
const EK_PLACES = { rsa: '0x01c00002', ecc: '0x01c0000a' } as const;
type EkKind = keyof typeof EK_PLACES;

export interface ProofSettings {
  tcti: Tcti;
  /** Where the key lies that is to be proved. */
  place: string;
  /** The endorsement key's, and those between; null: as the TPM keeps it. */
  ekCertificates: readonly Buffer[] | null;
}

/**
 * Has the TPM prove that a key lies in it: a new attestation key, a secret that opens only with it and the endorsement key together, and a
 * statement about the key, signed by the attestation key, that holds the challenge.
 */
export const proveKey = (
  { tcti, place, ekCertificates }: ProofSettings,
  ask: (offer: TpmOffer) => Promise<TpmQuestion>,
): Promise<TpmAnswer> =>
  withTpm(tcti, async (tpm) => {
    const offer = await attestationKey(tpm, ekCertificates);
    await tpm.tool('readpublic', '-c', place, '-o', 'key.pub');
    const question = await ask({ ...offer, keyPublic: inside(tpm.read('key.pub')) });
    const secret = await activated(tpm, question);
    return { secret, ...(await certified(tpm, place, question.challenge)) };
  });

/** A new attestation key (ak.ctx) below the endorsement key (ek.ctx), and what is shown of both. */
export async function attestationKey(tpm: TpmWork, given: readonly Buffer[] | null): Promise<BootOffer> {
  const { kind, certificates } = await endorsement(tpm, given);
  await tpm.tool('createek', '-c', 'ek.ctx', '-G', kind, '-u', 'ek.pub');
  const kindOfKey = ['-G', 'ecc', '-s', 'ecdsa', '-g', 'sha256'];
  await tpm.tool('createak', '-C', 'ek.ctx', '-c', 'ak.ctx', ...kindOfKey, '-u', 'ak.pub');
  const [ekCertificate, ...intermediates] = certificates;
  return {
    ekPublic: inside(tpm.read('ek.pub')),
    akPublic: inside(tpm.read('ak.pub')),
    ekCertificate: ekCertificate!,
    intermediates,
  };
}

/** By what an order names this TPM. */
export const tpmName = (tcti: Tcti, ekCertificates: readonly Buffer[] | null): Promise<string> =>
  withTpm(tcti, async (tpm) => {
    const { kind } = await endorsement(tpm, ekCertificates);
    await tpm.tool('createek', '-c', 'ek.ctx', '-G', kind, '-u', 'ek.pub');
    const area = parsePublicArea(inside(tpm.read('ek.pub')));
    if (area === null)
      throw new AgentError('key', 'The endorsement key of this TPM is of a kind that is not accepted');
    return endorsementIdentifier(area);
  });

async function endorsement(
  tpm: TpmWork,
  given: readonly Buffer[] | null,
): Promise<{ kind: EkKind; certificates: readonly Buffer[] }> {
  if (given !== null) return { kind: kindOf(given[0]!), certificates: given };
  for (const kind of ['rsa', 'ecc'] as const) {
    const kept = await nvAt(tpm, EK_PLACES[kind]);
    if (kept !== null) return { kind, certificates: [kept] };
  }
  throw new AgentError(
    'settings',
    'This TPM keeps no certificate of its endorsement key: name its file (--ek-certificate)',
  );
}

function kindOf(der: Buffer): EkKind {
  const read = parseCertificate(der);
  if (!read.ok)
    throw new AgentError('settings', `The endorsement key’s certificate: ${read.refused.message}`);
  return read.value.publicKey.kind === 'rsa' ? 'rsa' : 'ecc';
}

async function nvAt(tpm: TpmWork, place: string): Promise<Buffer | null> {
  try {
    await tpm.tool('nvread', place, '-C', 'o', '-o', `nv-${place}`);
  } catch {
    return null;
  }
  return withoutPadding(tpm.read(`nv-${place}`));
}

/** Makers fill the place up behind the certificate. */
function withoutPadding(bytes: Buffer): Buffer {
  const isLong = bytes[0] === 0x30 && bytes[1] === 0x82 && bytes.length > 4;
  return isLong ? bytes.subarray(0, 4 + bytes.readUInt16BE(2)) : bytes;
}

export async function activated(
  tpm: TpmWork,
  { blob, seed }: Pick<TpmQuestion, 'blob' | 'seed'>,
): Promise<Buffer> {
  tpm.write('credential', credentialFile(blob, seed));
  // The policy of endorsement keys (TCG EK Credential Profile §B.3.4): whoever speaks for the endorsement hierarchy.
  await tpm.tool('startauthsession', '--policy-session', '-S', 'session.ctx');
  try {
    await tpm.tool('policysecret', '-S', 'session.ctx', '-c', 'e');
    await tpm.tool(
      'activatecredential',
      '-c',
      'ak.ctx',
      '-C',
      'ek.ctx',
      '-i',
      'credential',
      '-o',
      'secret',
      '-P',
      'session:session.ctx',
    );
  } finally {
    await tpm.tool('flushcontext', 'session.ctx').catch(() => undefined);
  }
  return tpm.read('secret');
}

/** Keys are named by where they lie in a raw command; the attestation key is put there for this once. */
async function certified(tpm: TpmWork, place: string, challenge: Buffer) {
  await tpm.tool('evictcontrol', '-C', 'o', '-c', AK_PLACE).catch(() => undefined);
  await tpm.tool('evictcontrol', '-C', 'o', '-c', 'ak.ctx', AK_PLACE);
  try {
    tpm.write('command', certifyCommand(Number(place), Number(AK_PLACE), challenge));
    await tpm.tool('send', '-o', 'answer', 'command');
    return certifyAnswer(tpm.read('answer'));
  } finally {
    await tpm.tool('evictcontrol', '-C', 'o', '-c', AK_PLACE).catch(() => undefined);
  }
}
