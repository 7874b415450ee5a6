import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessBreach, type BreachFacts, breachFactors, discoveredOn } from './breach.ts';
import { type BreachNotice, breachClocks } from './clocks.ts';

const low = { weight: 'low', reason: 'a server of ours, seen by nobody' } as const;
const unknown = { weight: 'unknown', reason: '' } as const;
const facts = (changed: Partial<BreachFacts> = {}): BreachFacts => ({
  known: '2026-11-26',
  shouldHaveKnown: null,
  secured: 'no',
  exception: null,
  factors: { nature: unknown, recipient: unknown, acquired: unknown, mitigated: unknown },
  individuals: 1200,
  mostInOneState: 1200,
  role: 'covered-entity',
  delay: null,
  ...changed,
});
const allLow = { nature: low, recipient: low, acquired: low, mitigated: low };
const due = (changed: Partial<BreachFacts>, notice: BreachNotice) =>
  breachClocks(facts(changed)).find((clock) => clock.notice === notice)?.due;

describe('whether it is a breach (45 CFR 164.402)', () => {
  it('is presumed while a factor is open', () => {
    expect(assessBreach(facts())).toMatchObject({ verdict: 'presumed', notifiable: true });
    for (const factor of breachFactors) {
      const factors = { ...allLow, [factor]: unknown };
      expect(assessBreach(facts({ factors })), factor).toMatchObject({
        verdict: 'presumed',
        notifiable: true,
      });
      const against = { ...allLow, [factor]: { weight: 'not-low', reason: 'sold' } as const };
      expect(assessBreach(facts({ factors: against })).verdict, factor).toBe('breach');
    }
  });

  it('is not one where all four are low, each with its reason', () => {
    expect(assessBreach(facts({ factors: allLow }))).toMatchObject({
      verdict: 'low-probability',
      notifiable: false,
    });
    const unexplained = { ...allLow, acquired: { weight: 'low', reason: ' ' } as const };
    expect(assessBreach(facts({ factors: unexplained })).verdict).toBe('presumed');
  });

  it('is not one where the information was secured, or an exception holds and is explained', () => {
    expect(assessBreach(facts({ secured: 'yes' })).verdict).toBe('secured');
    expect(assessBreach(facts({ secured: 'unknown' })).notifiable).toBe(true);
    const kind = 'not-retained';
    expect(assessBreach(facts({ exception: { kind, reason: 'returned unopened' } })).verdict).toBe(
      'excepted',
    );
    expect(assessBreach(facts({ exception: { kind, reason: '' } })).notifiable).toBe(true);
  });
});

describe('its clocks', () => {
  it('run from the day on which it would have been known', () => {
    expect(discoveredOn({ known: '2026-11-26', shouldHaveKnown: '2026-11-01' })).toBe('2026-11-01');
    expect(due({ shouldHaveKnown: '2026-11-01' }, 'individuals')).toBe('2026-12-31');
    expect(due({}, 'individuals')).toBe('2027-01-25');
  });

  it.each([
    [499, 499, '2027-03-01', undefined],
    [500, 500, '2027-01-25', undefined],
    [501, 500, '2027-01-25', undefined],
    [501, 501, '2027-01-25', '2027-01-25'],
    [null, null, '2027-01-25', '2027-01-25'],
  ])(
    '%s people, %s in one state: HHS until %s, media until %s',
    (individuals, mostInOneState, hhs, media) => {
      expect(due({ individuals, mostInOneState }, 'secretary')).toBe(hhs);
      expect(due({ individuals, mostInOneState }, 'media')).toBe(media);
    },
  );

  it('of the year before a leap year', () => {
    expect(due({ known: '2027-02-01', individuals: 3 }, 'secretary')).toBe('2028-02-29');
  });

  it('a business associate tells its covered entity and nobody else', () => {
    expect(breachClocks(facts({ role: 'business-associate' })).map(({ notice }) => notice)).toEqual([
      'covered-entity',
      'records',
    ]);
  });

  it('wait for law enforcement as long as the statement says, thirty days where it was only said', () => {
    const written = { form: 'written', stated: '2026-12-01', until: '2027-06-01' } as const;
    expect(due({ delay: written }, 'individuals')).toBe('2027-06-01');
    expect(due({ delay: { form: 'oral', stated: '2027-01-10', until: '2027-06-01' } }, 'individuals')).toBe(
      '2027-02-09',
    );
    expect(due({ delay: { form: 'oral', stated: '2026-12-01', until: null } }, 'individuals')).toBe(
      '2027-01-25',
    );
  });

  it('only records are kept of what need not be notified', () => {
    expect(breachClocks(facts({ factors: allLow })).map(({ notice, due: until }) => [notice, until])).toEqual(
      [['records', '2032-11-26']],
    );
  });

  const day = fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));
  const count = fc.option(fc.nat(5000), { nil: null });
  const arbitrary = fc.record({
    known: day,
    shouldHaveKnown: fc.option(day, { nil: null }),
    individuals: count,
    mostInOneState: count,
  });

  it('no clock ends before discovery, and what is not counted is never later than any number', () => {
    fc.assert(
      fc.property(arbitrary, (some) => {
        const clocks = breachClocks(facts(some));
        for (const clock of clocks) expect(clock.due > discoveredOn(facts(some))).toBe(true);
        expect(clocks.map((clock) => clock.due)).toEqual(clocks.map((clock) => clock.due).toSorted());
        for (const notice of ['individuals', 'secretary'] as const)
          expect(
            due({ ...some, individuals: null, mostInOneState: null }, notice)! <= due(some, notice)!,
          ).toBe(true);
      }),
    );
  });

  it('more people, or earlier knowledge, never give more time, and a delay never gives less', () => {
    fc.assert(
      fc.property(arbitrary, day, fc.nat(1000), (some, until, more) => {
        const counted = { ...some, individuals: some.individuals ?? 0 };
        expect(
          due({ ...counted, individuals: counted.individuals + more }, 'secretary')! <=
            due(counted, 'secretary')!,
        ).toBe(true);
        expect(
          due({ ...some, shouldHaveKnown: until }, 'individuals')! <=
            due({ ...some, shouldHaveKnown: null }, 'individuals')!,
        ).toBe(true);
        const delay = { form: 'written', stated: some.known, until } as const;
        for (const { notice, due: usual } of breachClocks(facts(some)))
          if (notice !== 'records') expect(due({ ...some, delay }, notice)! >= usual).toBe(true);
      }),
    );
  });
});
