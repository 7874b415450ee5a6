import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { WindowTimes, workOf } from './index.ts';

const HOUR = 3_600_000_000;
const at = (text: string): number => Date.parse(text) * 1000;
const next = (after: string, timeZone: string, day: number, fromHour: number, hours = 2): string => {
  const slot = new WindowTimes(at(after)).next([{ day, fromHour, hours, timeZone }])!;
  return `${new Date(slot.from / 1000).toISOString()} ${(slot.until - slot.from) / HOUR}`;
};

it('finds the next opening of a weekly window in its own zone', () => {
  // A Thursday.
  expect(next('2026-11-26T10:20:00Z', 'Europe/Berlin', 3, 22)).toBe('2026-11-26T21:00:00.000Z 2');
  expect(next('2026-11-26T23:00:00Z', 'Europe/Berlin', 3, 22)).toBe('2026-12-03T21:00:00.000Z 2');
  expect(next('2026-11-26T10:20:00Z', 'Asia/Kathmandu', 0, 3)).toBe('2026-11-29T21:15:00.000Z 2');
});

it('passes over an hour that the clocks skip, and takes the first of one that comes twice', () => {
  // 29 March 2026, a Sunday: two o'clock is not in Berlin.
  expect(next('2026-03-28T12:00:00Z', 'Europe/Berlin', 6, 2)).toBe('2026-04-05T00:00:00.000Z 2');
  // 25 October 2026: two o'clock is twice.
  expect(next('2026-10-24T12:00:00Z', 'Europe/Berlin', 6, 2)).toBe('2026-10-25T00:00:00.000Z 2');
});

it('gives the window that is open now, until it closes', () => {
  expect(next('2026-11-26T21:00:00Z', 'Europe/Berlin', 3, 22)).toBe('2026-11-26T21:00:00.000Z 2');
  expect(next('2026-11-26T22:59:59Z', 'Europe/Berlin', 3, 22)).toBe('2026-11-26T21:00:00.000Z 2');
  expect(next('2026-11-27T20:59:00Z', 'Europe/Berlin', 3, 22, 24)).toBe('2026-11-26T21:00:00.000Z 24');
});

it('joins windows that follow on each other, and has none open between two', () => {
  const nights = [
    { day: 3, fromHour: 22, hours: 2, timeZone: 'Europe/Berlin' },
    { day: 4, fromHour: 0, hours: 4, timeZone: 'Europe/Berlin' },
    { day: 4, fromHour: 5, hours: 1, timeZone: 'Europe/Berlin' },
  ];
  const open = (text: string) => new WindowTimes(at(text)).open(nights);
  const night = { from: at('2026-11-26T21:00:00Z'), until: at('2026-11-27T03:00:00Z') };
  expect(open('2026-11-26T21:30:00Z')).toEqual(night);
  expect(open('2026-11-27T01:00:00Z')).toEqual(night);
  expect(open('2026-11-27T03:00:00Z')).toBeNull();
  expect(open('2026-11-26T20:59:59Z')).toBeNull();
});

const window = fc.record({
  day: fc.nat(6),
  fromHour: fc.nat(23),
  hours: fc.integer({ min: 1, max: 24 }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe'),
});

it('is open exactly at the moments at which one of its windows is', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }),
      fc.array(window, { minLength: 1, maxLength: 3 }),
      (moment, windows) => {
        const open = new WindowTimes(moment).open(windows);
        const alone = windows.some((one) => new WindowTimes(moment).open([one]) !== null);
        expect(open !== null).toBe(alone);
        if (open === null) return;
        expect(open.from <= moment && moment < open.until).toBe(true);
        const [last, after] = [new WindowTimes(open.until - 1), new WindowTimes(open.until)];
        expect(last.open(windows)).not.toBeNull();
        expect(after.open(windows)?.from ?? open.until).toBe(open.until);
      },
    ),
    { numRuns: 30, seed: 31 },
  );
});

it('always finds one within two weeks, open now or later, and the earliest of several', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-01-01'), max: at('2027-01-01') }),
      fc.array(window, { minLength: 1, maxLength: 3 }),
      (after, windows) => {
        const openings = new WindowTimes(after);
        const slot = openings.next(windows)!;
        expect(slot.until).toBeGreaterThan(after);
        expect(slot.from).toBeLessThanOrEqual(after + 14 * 24 * HOUR);
        if (slot.from > after)
          expect(slot.from).toBe(Math.min(...windows.map((one) => openings.next([one])!.from)));
      },
    ),
    { numRuns: 30, seed: 30 },
  );
});

it('has no slot where nobody said when', () => {
  expect(new WindowTimes(0).next([])).toBeNull();
});

it('updates where there is an update, replaces what gets none, and else does what the vendor advises, or asks', () => {
  const fix = { kind: 'vendor_fix', text: 'Install 2.1' };
  const instead = { kind: 'workaround', text: 'Close port 23' };
  const never = { kind: 'no_fix_planned', text: 'Out of support' };
  const none = { kind: 'none_available', text: '' };
  expect(workOf([instead, fix], '2020-01-14')).toEqual({ action: 'update', vendorSays: 'Install 2.1' });
  expect(workOf([never, instead], null)).toEqual({ action: 'replace', vendorSays: 'Close port 23' });
  expect(workOf([none], '2020-01-14')).toEqual({ action: 'replace', vendorSays: null });
  expect(workOf([none, instead], null)).toEqual({ action: 'compensate', vendorSays: 'Close port 23' });
  expect(workOf([none], null)).toEqual({ action: 'ask', vendorSays: null });
  expect(workOf([], null)).toEqual({ action: 'ask', vendorSays: null });
});
