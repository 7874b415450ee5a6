import type { HashAlgorithm } from '../tpm/algorithms.ts';
import { type EventLog, NO_ACTION } from './event-log.ts';

/** What a model's firmware is known to measure (RATS: reference values), by PCR. */
export interface ReferenceValues {
  bank: HashAlgorithm['name'];
  pcrs: ReadonlyMap<number, PcrReference>;
}

/** Either the values that a PCR may have, or the measurements that may go into it. Digests are lower-case hexadecimal. */
export type PcrReference =
  | { by: 'value'; values: readonly string[] }
  | { by: 'events'; required: readonly string[]; allowed: readonly string[] };

/** What differs from the reference values. */
export type Difference =
  | { kind: 'value'; pcr: number; found: string }
  /** Something was measured that is not known. */
  | { kind: 'unknown-event'; pcr: number; index: number; found: string }
  /** Something was not measured that has to be. */
  | { kind: 'missing-event'; pcr: number; expected: string }
  /** Known by its measurements, of which there is no log; or not quoted at all. */
  | { kind: 'unseen'; pcr: number };

/** Every difference, by PCR. A log is passed only after it was held against the quoted PCRs. */
export function differences(
  { bank, pcrs: references }: ReferenceValues,
  values: ReadonlyMap<number, Uint8Array>,
  log: EventLog | null,
): Difference[] {
  return [...references].flatMap(([pcr, reference]): Difference[] => {
    const value = values.get(pcr);
    if (value === undefined) return [{ kind: 'unseen', pcr }];
    if (reference.by === 'events') return eventDifferences(pcr, reference, bank, log);
    const found = Buffer.from(value).toString('hex');
    return reference.values.includes(found) ? [] : [{ kind: 'value', pcr, found }];
  });
}

function eventDifferences(
  pcr: number,
  { required, allowed }: Extract<PcrReference, { by: 'events' }>,
  bank: HashAlgorithm['name'],
  log: EventLog | null,
): Difference[] {
  if (log === null) return [{ kind: 'unseen', pcr }];
  const measured = log.events
    .filter((event) => event.pcr === pcr && event.type !== NO_ACTION)
    .map(({ index, digests }) => ({ index, found: Buffer.from(digests.get(bank) ?? []).toString('hex') }));
  const known = new Set([...required, ...allowed]);
  const seen = new Set(measured.map(({ found }) => found));
  return [
    ...measured
      .filter(({ found }) => !known.has(found))
      .map(({ index, found }) => ({ kind: 'unknown-event' as const, pcr, index, found })),
    ...required
      .filter((expected) => !seen.has(expected))
      .map((expected) => ({ kind: 'missing-event' as const, pcr, expected })),
  ];
}
