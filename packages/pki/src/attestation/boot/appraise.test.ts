import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOW } from '../../testing/keys.ts';
import { EVENT_BYTES, EVENT_LOG_BYTES } from '../limits.ts';
import type { QuoteEvidence, QuoteExpectation } from '../quote.ts';
import {
  BOUND,
  type MadeEvent,
  makeKey,
  makeLog,
  makeSignature,
  makeStatement,
  quoting,
  RESTRICTED,
  secureBootVariable,
} from '../testing/made-evidence.ts';
import { hashNamed } from '../tpm/algorithms.ts';
import { appraiseBoot } from './appraise.ts';
import { parseEventLog, replay } from './event-log.ts';
import type { ReferenceValues } from './reference.ts';

const bank = hashNamed('sha256');
const ak = makeKey(BOUND | RESTRICTED);
const challenge = { value: Buffer.alloc(20, 3), expires: NOW + 1, spent: false };
const trust = { by: 'enrolment' as const, akName: ak.name, devices: [] };
const expectation: QuoteExpectation = {
  challenge,
  trust,
  bank: 'sha256',
  pcrs: [7, 0, 4],
  before: null,
  at: NOW,
};
const sha = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const firmware = Buffer.from('firmware 2.4.1');
const loader = Buffer.from('loader');
const boot: readonly MadeEvent[] = [
  { pcr: 0, type: 3, data: Buffer.from('StartupLocality\0\x03') },
  { pcr: 0, type: 8, data: firmware },
  { pcr: 7, type: 0x8000_0001, data: secureBootVariable(true) },
  { pcr: 4, type: 0xd, data: loader },
];
const valuesOf = (log: Uint8Array): Map<number, Uint8Array> => replay(parseEventLog(log)!, bank);
const reference: ReferenceValues = {
  bank: 'sha256',
  pcrs: new Map([
    [0, { by: 'value', values: [Buffer.from(valuesOf(makeLog(boot)).get(0)!).toString('hex')] }],
    [4, { by: 'events', required: [sha(loader)], allowed: [] }],
    [7, { by: 'events', required: [sha(secureBootVariable(true))], allowed: [sha(Buffer.from('db'))] }],
  ]),
};

interface Changes {
  challenge?: Uint8Array;
  pcrs?: Map<number, Uint8Array>;
  by?: typeof ak;
  resets?: number;
}

function quoteOf(
  log: Uint8Array,
  { challenge: value = challenge.value, pcrs = valuesOf(log), by = ak, resets = 1 }: Changes = {},
): QuoteEvidence {
  const quoted = makeStatement({ type: 0x8018, challenge: value, about: quoting(pcrs), resets });
  return { akPublic: by.area, quoted, signature: makeSignature(by, quoted), pcrs };
}

const appraised = (
  log: Uint8Array | null,
  quote: QuoteEvidence | null,
  values: ReferenceValues | null = reference,
  changes: Partial<QuoteExpectation> = {},
) => appraiseBoot({ signedClaim: true, quote, log }, { ...expectation, ...changes }, values);

describe('a quote', () => {
  const log = makeLog(boot);
  const quote = quoteOf(log);

  it('that was taken for another challenge is refused, before all else', () => {
    const stale = quoteOf(log, { challenge: Buffer.alloc(20, 4) });
    const unsigned = { ...stale, signature: new Uint8Array() };
    for (const evidence of [stale, unsigned])
      expect(appraised(log, evidence)).toMatchObject({
        grade: 1,
        status: 'contradicted',
        quote: { check: 'challenge' },
      });
    const spent = { ...challenge, spent: true };
    expect(appraised(log, quote, reference, { challenge: spent })).toMatchObject({
      quote: { check: 'challenge' },
    });
  });

  it.each([
    ['by another TPM', quoteOf(log, { by: makeKey(BOUND | RESTRICTED) }), 'ak'],
    [
      'with a foreign signature',
      { ...quote, signature: makeSignature(makeKey(BOUND), quote.quoted) },
      'signature',
    ],
    ['over other PCRs', quoteOf(log, { pcrs: new Map([...valuesOf(log)].slice(1)) }), 'selection'],
    [
      'with other values beside it',
      { ...quote, pcrs: new Map([...quote.pcrs, [4, Buffer.alloc(32)]]) },
      'digest',
    ],
    ['with values left out', { ...quote, pcrs: new Map([...quote.pcrs].slice(1)) }, 'digest'],
    [
      'with more values than it is over',
      { ...quote, pcrs: new Map([...quote.pcrs, [5, Buffer.alloc(32)]]) },
      'digest',
    ],
  ])('%s is refused', (_, evidence, check) => {
    expect(appraised(log, evidence)).toMatchObject({ grade: 1, status: 'contradicted', quote: { check } });
  });

  it('by an unrestricted key is refused, although it is the enrolled one', () => {
    const loose = makeKey(BOUND);
    const own = { ...trust, akName: loose.name };
    expect(appraised(log, quoteOf(log, { by: loose }), reference, { trust: own })).toMatchObject({
      quote: { check: 'ak' },
    });
  });

  it('tells a reboot, and is refused where the clock of the TPM went back', () => {
    const before = { clock: 0n, resets: 1, restarts: 0, safe: true };
    expect(appraised(log, quote, reference, { before })).toMatchObject({ quote: { rebooted: false } });
    expect(appraised(log, quoteOf(log, { resets: 2 }), reference, { before })).toMatchObject({
      quote: { rebooted: true },
    });
    const later = { ...before, clock: 1n };
    expect(appraised(log, quote, reference, { before: later })).toMatchObject({ quote: { check: 'clock' } });
    expect(appraised(log, quote, reference, { before: { ...before, resets: 2 } })).toMatchObject({
      quote: { check: 'clock' },
    });
  });
});

describe('a boot', () => {
  const log = makeLog(boot);

  it('is graded by what was shown of it', () => {
    const quote = quoteOf(log);
    const none = { signedClaim: false, quote: null, log: null };
    expect(appraiseBoot(none, expectation, null)).toMatchObject({ grade: 0, status: 'unknown' });
    expect(appraised(null, null)).toMatchObject({ grade: 1, status: 'unknown' });
    expect(appraised(null, quote)).toMatchObject({ grade: 2, status: 'unknown', secureBoot: null });
    expect(appraised(log, quote, null)).toMatchObject({ grade: 2, status: 'unknown', secureBoot: true });
    expect(appraised(log, quote)).toMatchObject({
      grade: 3,
      status: 'affirmed',
      differences: [],
      secureBoot: true,
    });
  });

  it.each<[string, MadeEvent[], object]>([
    [
      'another loader',
      [...boot.slice(0, 3), { pcr: 4, type: 0xd, data: Buffer.from('evil') }],
      { kind: 'unknown-event', pcr: 4, index: 3 },
    ],
    [
      'a loader more',
      [...boot, { pcr: 4, type: 0xd, data: Buffer.from('evil') }],
      { kind: 'unknown-event', pcr: 4, index: 4 },
    ],
    [
      'other firmware',
      [{ pcr: 0, type: 8, data: Buffer.from('2.4.0') }, ...boot.slice(2)],
      { kind: 'value', pcr: 0 },
    ],
    [
      'Secure Boot off',
      [...boot.slice(0, 2), { pcr: 7, type: 0x8000_0001, data: secureBootVariable(false) }, boot[3]!],
      { kind: 'missing-event', pcr: 7 },
    ],
  ])('with %s is contradicted', (_, events, difference) => {
    const changed = makeLog(events);
    const appraisal = appraised(changed, quoteOf(changed));
    expect(appraisal).toMatchObject({ grade: 3, status: 'contradicted' });
    expect(appraisal.differences).toContainEqual(expect.objectContaining(difference));
  });

  it('whose log was edited keeps the grade of its quote, and nothing of the log is believed', () => {
    const edited = makeLog([...boot.slice(0, 3), { pcr: 4, type: 0xd, data: Buffer.from('evil') }]);
    for (const bytes of [edited, makeLog(boot.slice(0, 3)), makeLog([...boot, boot[3]!]), log.subarray(1)])
      expect(appraised(bytes, quoteOf(log))).toMatchObject({
        grade: 2,
        status: 'contradicted',
        refused: [{ what: 'log' }],
        secureBoot: null,
      });
  });

  it('believes no description that is not what was measured', () => {
    const lying = boot.map((event) =>
      event.pcr === 7
        ? {
            ...event,
            data: secureBootVariable(true),
            digest: createHash('sha256').update(secureBootVariable(false)).digest(),
          }
        : event,
    );
    const bytes = makeLog(lying);
    expect(appraised(bytes, quoteOf(bytes), null).secureBoot).toBeNull();
  });

  it('believes no event of a PCR that was not quoted', () => {
    const before = { ...expectation, pcrs: [0, 4] };
    const pcrs = new Map([...valuesOf(log)].filter(([pcr]) => pcr !== 7));
    const appraisal = appraiseBoot(
      { signedClaim: false, quote: quoteOf(log, { pcrs }), log },
      before,
      reference,
    );
    expect(appraisal).toMatchObject({
      status: 'unknown',
      secureBoot: null,
      differences: [{ kind: 'unseen', pcr: 7 }],
    });
  });
});

describe('a log', () => {
  const log = makeLog(boot);

  it('cut off at any byte is none, but between two events', () => {
    const ends = new Set(boot.map((_, count) => makeLog(boot.slice(0, count)).length));
    for (let length = 0; length < log.length; length += 1)
      expect(parseEventLog(log.subarray(0, length)) !== null).toBe(ends.has(length));
  });

  it('is none beyond its bounds', () => {
    const sized = (length: number) => makeLog([{ pcr: 0, type: 8, data: Buffer.alloc(length) }]);
    expect(parseEventLog(sized(EVENT_BYTES))).not.toBeNull();
    expect(parseEventLog(sized(EVENT_BYTES + 1))).toBeNull();
    expect(parseEventLog(Buffer.concat([log, Buffer.alloc(EVENT_LOG_BYTES)]))).toBeNull();
    expect(parseEventLog(makeLog([{ pcr: 24, type: 8, data: firmware }]))).toBeNull();
  });

  it('of any bytes is read or refused', () => {
    const quote = quoteOf(log);
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(log);
        bytes[at]! ^= change;
        expect(appraised(bytes, quote).grade).toBeLessThanOrEqual(3);
      }),
      { numRuns: 100 },
    );
  });
});
