import { createHash } from 'node:crypto';
import { type AkTrust, trustedAk } from './keys/ak-trust.ts';
import { akFault, type Challenge, challengeFault } from './keys/key-attestation.ts';
import { PCRS } from './limits.ts';
import { type HashAlgorithm, hashNamed } from './tpm/algorithms.ts';
import { type Attest, parseAttest, type TpmClock } from './tpm/attest.ts';
import { sameBytes } from './tpm/octets.ts';
import { type PublicArea, parsePublicArea } from './tpm/public-area.ts';
import { parseSignature, signatureHolds } from './tpm/signature.ts';

/** What a device shows of its boot. */
export interface QuoteEvidence {
  /** TPMT_PUBLIC of the attestation key. */
  akPublic: Uint8Array;
  /** TPMS_ATTEST of TPM2_Quote. */
  quoted: Uint8Array;
  /** TPMT_SIGNATURE over it. */
  signature: Uint8Array;
  /** The values of the PCRs of the bank that was asked for. */
  pcrs: ReadonlyMap<number, Uint8Array>;
}

export interface QuoteExpectation {
  challenge: Challenge;
  trust: AkTrust;
  bank: HashAlgorithm['name'];
  /** The PCRs that were asked for. */
  pcrs: readonly number[];
  /** The clock of the last quote that was accepted from this TPM; null for the first. */
  before: TpmClock | null;
  /** Microseconds since 1970. */
  at: number;
}

export const quoteChecks = ['challenge', 'ak', 'signature', 'selection', 'digest', 'clock'] as const;
export type QuoteCheck = (typeof quoteChecks)[number];

export type QuoteVerdict =
  | {
      accepted: true;
      pcrs: ReadonlyMap<number, Uint8Array>;
      clock: TpmClock;
      firmwareVersion: bigint;
      /** True where the device was started since the quote before. */
      rebooted: boolean;
    }
  | { accepted: false; check: QuoteCheck; why: string };

const refuse = (check: QuoteCheck, why: string): QuoteVerdict => ({ accepted: false, check, why });

/** Whether the PCR values are what the TPM of this device holds now. The challenge is looked at before all else. */
export function judgeQuote(evidence: QuoteEvidence, expectation: QuoteExpectation): QuoteVerdict {
  const statement = parseAttest(evidence.quoted);
  const stale = challengeFault(statement, 'quote', expectation.challenge, expectation.at);
  if (stale !== null) return refuse('challenge', stale);
  const ak = parsePublicArea(evidence.akPublic);
  const untrusted = untrustedAk(ak, expectation);
  if (ak === null || untrusted !== null) return refuse('ak', untrusted!);
  const signature = parseSignature(evidence.signature);
  if (signature === null || !signatureHolds(ak, evidence.quoted, signature))
    return refuse('signature', 'the quote is not signed by this attestation key in an accepted way');
  return judgeValues(statement!, evidence, expectation, signature.hash);
}

function untrustedAk(ak: PublicArea | null, { trust, at }: QuoteExpectation): string | null {
  if (ak === null) return 'the attestation key is no public area that is accepted';
  const trusted = trustedAk(ak, trust, at);
  return 'fault' in trusted ? trusted.fault : akFault(ak.attributes);
}

function judgeValues(
  { about, clock, firmwareVersion }: Attest,
  { pcrs }: QuoteEvidence,
  { bank, pcrs: asked, before }: QuoteExpectation,
  hash: HashAlgorithm,
): QuoteVerdict {
  if (about.kind !== 'quote' || !selects(about.selection, bank, asked))
    return refuse('selection', 'the quote is over other PCRs than those that were asked for');
  const values = ascending(asked).map((pcr) => pcrs.get(pcr));
  const { bytes } = hashNamed(bank);
  if (values.some((value) => value?.length !== bytes) || pcrs.size !== asked.length)
    return refuse('digest', 'values of PCRs are missing, or there are others');
  // Part 1 §17.6: the values by ascending number; the hash is that of the signature.
  const digest = createHash(hash.name)
    .update(Buffer.concat(values as Uint8Array[]))
    .digest();
  if (!sameBytes(digest, about.digest)) return refuse('digest', 'the values are not those that were quoted');
  if (before !== null && wentBack(clock, before))
    return refuse('clock', 'the clock of the TPM went back: it is another one, or it was cleared');
  const rebooted = before !== null && (clock.resets > before.resets || clock.restarts > before.restarts);
  return { accepted: true, pcrs: new Map(pcrs), clock, firmwareVersion, rebooted };
}

function selects(
  selection: Extract<Attest['about'], { kind: 'quote' }>['selection'],
  bank: HashAlgorithm['name'],
  asked: readonly number[],
): boolean {
  if (asked.length === 0 || asked.some((pcr) => !Number.isInteger(pcr) || pcr < 0 || pcr >= PCRS))
    throw new RangeError('a quote is asked for over PCRs from 0 to 23');
  const chosen = selection.filter(({ pcrs }) => pcrs.length > 0);
  return (
    chosen.length === 1 &&
    chosen[0]!.bank?.name === bank &&
    ascending(chosen[0]!.pcrs).join() === ascending(asked).join()
  );
}

const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Resets and restarts only grow; without a reset the clock does not go back where it was safe. */
function wentBack(now: TpmClock, before: TpmClock): boolean {
  if (now.resets !== before.resets) return now.resets < before.resets;
  if (now.restarts !== before.restarts) return now.restarts < before.restarts;
  return before.safe && now.safe && now.clock < before.clock;
}
