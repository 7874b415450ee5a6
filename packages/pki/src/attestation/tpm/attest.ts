import { BANKS, TPM_STRUCTURE_BYTES } from '../limits.ts';
import { type HashAlgorithm, hashOf } from './algorithms.ts';
import { Octets } from './octets.ts';

/** TPM_GENERATED_VALUE: a restricted key never signs anything of the outside that starts with it. */
const GENERATED = 0xff544347;
const CERTIFY = 0x8017;
const QUOTE = 0x8018;

/** TPM 2.0 Part 2 §10.11.1 */
export interface TpmClock {
  /** Milliseconds that the TPM has been powered since its clock was last cleared. */
  clock: bigint;
  /** Times that the TPM was reset: a boot. */
  resets: number;
  /** Times that it was resumed or restarted since the last reset. */
  restarts: number;
  /** False where the clock may have gone back after a loss of power. */
  safe: boolean;
}

export interface PcrSelection {
  /** Undefined where the bank's hash is not accepted. */
  bank: HashAlgorithm | undefined;
  pcrs: readonly number[];
}

/** TPMS_ATTEST of the two kinds that are judged here. */
export interface Attest {
  qualifiedSigner: Uint8Array;
  /** What the one who asked for the statement gave along. */
  extraData: Uint8Array;
  clock: TpmClock;
  firmwareVersion: bigint;
  about:
    | { kind: 'certify'; name: Uint8Array; qualifiedName: Uint8Array }
    | { kind: 'quote'; selection: readonly PcrSelection[]; digest: Uint8Array };
}

/** Null where the bytes are no statement of a TPM about a key or about its PCRs. */
export function parseAttest(bytes: Uint8Array): Attest | null {
  if (bytes.length > TPM_STRUCTURE_BYTES) return null;
  const octets = new Octets(bytes);
  if (octets.u32() !== GENERATED) return null;
  const type = octets.u16();
  const qualifiedSigner = octets.sized();
  const extraData = octets.sized();
  const clock = readClock(octets);
  const firmwareVersion = octets.u64();
  const about = type === CERTIFY ? readCertify(octets) : type === QUOTE ? readQuote(octets) : null;
  if (about === null || clock === null || !octets.complete) return null;
  return { qualifiedSigner, extraData, clock, firmwareVersion, about };
}

function readClock(octets: Octets): TpmClock | null {
  const [clock, resets, restarts, safe] = [octets.u64(), octets.u32(), octets.u32(), octets.u8()];
  return safe > 1 ? null : { clock, resets, restarts, safe: safe === 1 };
}

function readCertify(octets: Octets): Attest['about'] {
  return { kind: 'certify', name: octets.sized(), qualifiedName: octets.sized() };
}

function readQuote(octets: Octets): Attest['about'] | null {
  const banks = octets.u32();
  if (banks > BANKS) return null;
  const selection = Array.from({ length: banks }, () => readSelection(octets));
  return { kind: 'quote', selection, digest: octets.sized() };
}

function readSelection(octets: Octets): PcrSelection {
  const bank = hashOf(octets.u16());
  const bits = octets.take(octets.u8());
  const pcrs = Array.from(bits, (byte, place) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (byte >> bit) & 1).map((bit) => place * 8 + bit),
  );
  return { bank, pcrs: pcrs.flat() };
}
