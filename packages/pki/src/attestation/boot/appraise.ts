import { judgeQuote, type QuoteEvidence, type QuoteExpectation, type QuoteVerdict } from '../quote.ts';
import { type HashAlgorithm, hashNamed } from '../tpm/algorithms.ts';
import { sameBytes } from '../tpm/octets.ts';
import { type EventLog, parseEventLog, replay, startOf } from './event-log.ts';
import { type Difference, differences, type ReferenceValues } from './reference.ts';
import { secureBootOf } from './secure-boot.ts';

/** How much the evidence of a boot is worth: a version that was seen, a signed claim, a quote, a quote with its log and reference values. */
export type Grade = 0 | 1 | 2 | 3;

/** What a device shows of its boot, from the least to the most. */
export interface BootEvidence {
  /** True where its software version was told in a token whose signature and challenge hold. */
  signedClaim: boolean;
  quote: QuoteEvidence | null;
  /** The measured-boot log as the firmware wrote it. */
  log: Uint8Array | null;
}

/**
 * `affirmed`: all that was shown is as the reference values have it. `unknown`: nothing speaks against it, but there is
 * not enough to say so. `contradicted`: something that was shown is forged, stale, or not what it should be.
 */
export type BootStatus = 'affirmed' | 'unknown' | 'contradicted';

export interface Appraisal {
  grade: Grade;
  status: BootStatus;
  /** Why evidence was refused; what was refused adds nothing to the grade. */
  refused: { what: 'quote' | 'log'; why: string }[];
  differences: Difference[];
  /** Null where no log that holds says it. */
  secureBoot: boolean | null;
  quote: QuoteVerdict | null;
}

/**
 * Appraises evidence of a boot (RFC 9334 §8.1): the challenge first, then signature and PCRs, then the log against the PCRs,
 * and only then what the log tells, against the reference values. It says what was measured, not what runs now.
 */
export function appraiseBoot(
  { signedClaim, quote, log }: BootEvidence,
  expectation: QuoteExpectation,
  reference: ReferenceValues | null,
): Appraisal {
  if (reference !== null && reference.bank !== expectation.bank)
    throw new RangeError('reference values are of the bank that is asked for');
  const claimed = signedClaim ? 1 : 0;
  const nothing = { grade: claimed as Grade, differences: [], secureBoot: null };
  if (quote === null) return { ...nothing, status: 'unknown', refused: [], quote: null };
  const verdict = judgeQuote(quote, expectation);
  if (!verdict.accepted) {
    const refused = [{ what: 'quote' as const, why: verdict.why }];
    return { ...nothing, status: 'contradicted', refused, quote: verdict };
  }
  return appraiseMeasurements(verdict, log, hashNamed(expectation.bank), reference);
}

function appraiseMeasurements(
  quote: Extract<QuoteVerdict, { accepted: true }>,
  bytes: Uint8Array | null,
  bank: HashAlgorithm,
  reference: ReferenceValues | null,
): Appraisal {
  const log = bytes === null ? null : readAgainst(bytes, quote.pcrs, bank);
  const refused = typeof log === 'string' ? [{ what: 'log' as const, why: log }] : [];
  const trusted = typeof log === 'string' ? null : log;
  const found = reference === null ? [] : differences(reference, quote.pcrs, trusted);
  const grade = trusted !== null && reference !== null && reference.pcrs.size > 0 ? 3 : 2;
  const secureBoot = trusted === null ? null : secureBootOf(trusted, bank);
  return { grade, status: statusOf(grade, refused, found), refused, differences: found, secureBoot, quote };
}

function statusOf(grade: Grade, refused: Appraisal['refused'], found: readonly Difference[]): BootStatus {
  if (refused.length > 0 || found.some(({ kind }) => kind !== 'unseen')) return 'contradicted';
  return grade === 3 && found.length === 0 ? 'affirmed' : 'unknown';
}

/** The log, where replaying it gives every PCR that was quoted; else why it does not count. */
function readAgainst(
  bytes: Uint8Array,
  pcrs: ReadonlyMap<number, Uint8Array>,
  bank: HashAlgorithm,
): EventLog | string {
  const log = parseEventLog(bytes);
  if (log === null) return 'the log is damaged, or of a form that is not read';
  const replayed = replay(log, bank);
  for (const [pcr, value] of pcrs)
    if (!sameBytes(replayed.get(pcr) ?? startOf(pcr, bank, log.startupLocality), value))
      return `the log does not lead to the quoted value of PCR ${pcr}`;
  return withoutUnquoted(log, pcrs);
}

/** Events of PCRs that were not quoted are held against nothing, and so are not believed. */
const withoutUnquoted = ({ events, ...rest }: EventLog, pcrs: ReadonlyMap<number, unknown>): EventLog => ({
  ...rest,
  events: events.filter(({ pcr }) => pcrs.has(pcr)),
});
