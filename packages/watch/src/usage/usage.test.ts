import type { Conversation } from '@wardline/model';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { conversationOf } from '../testing/conversations.ts';
import { type ActiveHours, addTrace, HOUR, hoursOf, traceOf } from './activity.ts';
import { isWatched, piecesOf } from './listening.ts';
import { hourOfWeekIn, isBetweenHours, usageReport } from './report.ts';
import { safeWindowsOf, sharedWindowsOf, upperBound, type WeekHour } from './windows.ts';

const monday = Date.UTC(2026, 10, 23) * 1000;
const image = (over: Partial<Conversation>) =>
  conversationOf({ application: 'dicom', bytesFromClient: 900_000, bytesFromServer: 4000, ...over });

/** Three weeks of a scanner: it works from eight to eighteen on weekdays, and asks for the time in every hour. */
function scanner(): ActiveHours {
  const hours: ActiveHours = new Map();
  for (let at = 0; at < 3 * 168; at += 1) {
    const firstSeen = monday + at * HOUR;
    addTrace(hours, traceOf(conversationOf({ application: 'ntp', firstSeen })));
    const [day, hour] = [Math.floor(at / 24) % 7, at % 24];
    if (day < 5 && hour >= 8 && hour < 18) addTrace(hours, traceOf(image({ firstSeen })));
  }
  return hours;
}

const listening = { heard: () => true };
const span = [monday, monday + 3 * 168 * HOUR] as const;

describe('usage', () => {
  it('tells use from idling, and proposes nights and the week-end', () => {
    const report = usageReport('ct', hoursOf(scanner(), ...span, listening), hourOfWeekIn('UTC'));
    expect(report.hours).toEqual({ 'in-use': 150, idle: 354, off: 0, unknown: 0 });
    expect(report.utilisation).toBeCloseTo(150 / 504);
    expect(report.lastInUse).toBe(monday + (2 * 168 + 4 * 24 + 17) * HOUR);
    const days = report.safeWindows.map(({ day, fromHour, hours }) => `${day} ${fromHour}+${hours}`);
    expect(days.slice(0, 4)).toEqual(['5 0+24', '6 0+24', '0 0+8', '1 0+8']);
    expect(report.safeWindows[0]!.atMostInUse).toBeCloseTo(upperBound(0, 72));
  });

  it('says off of a device that idles aloud and is silent', () => {
    const hours = scanner();
    for (let at = 30; at < 40; at += 1) hours.delete(monday + at * HOUR);
    const states = hoursOf(hours, ...span, listening).map(({ state }) => state);
    expect(states.slice(29, 41)).toEqual(['idle', ...Array(10).fill('off'), 'in-use']);
  });

  it('says unknown where nobody listened, and of silence where a device never idles aloud', () => {
    const hours: ActiveHours = new Map([[monday, 'hl7']]);
    const states = hoursOf(hours, monday, monday + 3 * HOUR, { heard: (hour) => hour < monday + 2 * HOUR });
    expect(states.map(({ state }) => state)).toEqual(['in-use', 'unknown', 'unknown']);
  });

  it('never says that an hour was free of use which nobody heard to its end, and says of use what it saw', () => {
    const hours: ActiveHours = new Map([
      [monday, 'dicom'],
      [monday + HOUR, null],
      [monday + 2 * HOUR, null],
    ]);
    const heard = (hour: number) => hour === monday + 2 * HOUR;
    const states = hoursOf(hours, monday, monday + 4 * HOUR, { heard }).map(({ state }) => state);
    expect(states).toEqual(['in-use', 'unknown', 'idle', 'unknown']);
  });

  it('says off neither before a device was first heard nor a week after it was last heard', () => {
    const hours: ActiveHours = new Map([
      [monday + HOUR, null],
      [monday + 2 * HOUR, 'dicom'],
    ]);
    const states = hoursOf(hours, monday, monday + 200 * HOUR, listening).map(({ state }) => state);
    expect(states.slice(0, 4)).toEqual(['unknown', 'idle', 'in-use', 'off']);
    expect(states.lastIndexOf('off')).toBe(2 + 168);
    expect(states.slice(171)).toEqual(Array(29).fill('unknown'));
  });

  it('takes an hour for watched when something was heard in nearly each five minutes of it', () => {
    const minute = HOUR / 60;
    const heard = (from: number, until: number) => {
      let pieces = 0;
      for (let at = from; at < until; at += 5)
        for (const [hour, more] of piecesOf({
          firstSeen: monday + at * minute,
          lastSeen: monday + (at + 1) * minute,
        }))
          if (hour === monday) pieces |= more;
      return isWatched(pieces);
    };
    expect([heard(0, 60), heard(5, 60), heard(10, 60)]).toEqual([true, true, false]);
  });

  it('says unknown of a device whose work the wire does not show', () => {
    const hours: ActiveHours = new Map([[monday, null]]);
    expect(hoursOf(hours, monday, monday + HOUR, listening)[0]).toMatchObject({ state: 'unknown' });
    expect(hoursOf(hours, monday, monday + HOUR, { ...listening, showsWork: true })[0]).toMatchObject({
      state: 'idle',
    });
  });

  test.each([
    ['a C-ECHO', { bytesFromClient: 600, bytesFromServer: 500 }, null],
    ['images that nobody takes', { bytesFromServer: 0 }, null],
    ['an image', {}, 'dicom'],
  ])('%s', (_, over, work) => expect(traceOf(image(over)).work).toBe(work));

  it('knows summer time', () => {
    const hourOfWeek = hourOfWeekIn('Europe/Berlin');
    const sunday = (utc: number) => hourOfWeek(Date.UTC(2026, 9, 25, utc) * 1000);
    expect([0, 1, 2].map(sunday)).toEqual([6 * 24 + 2, 6 * 24 + 2, 6 * 24 + 3]);
  });

  it('never proposes a span in which more than a tenth of an hour was in use', () => {
    const hour = fc.record({ inUse: fc.nat(5), known: fc.integer({ min: 5, max: 9 }) });
    fc.assert(
      fc.property(fc.array(hour, { minLength: 168, maxLength: 168 }), (week) => {
        for (const { day, fromHour, hours } of safeWindowsOf(week)) {
          expect(fromHour + hours).toBeLessThanOrEqual(24);
          for (const at of week.slice(day * 24 + fromHour, day * 24 + fromHour + hours))
            expect(at.inUse / at.known).toBeLessThanOrEqual(0.1);
        }
      }),
    );
  });

  const flat = (hours: (at: number) => WeekHour) => Array.from({ length: 168 }, (_, at) => hours(at));

  it('lets one device that is used at night take the night from its class', () => {
    const byDay = flat((at) => ({ inUse: at % 24 >= 8 ? 4 : 0, known: 4 }));
    const sundaysToo = flat((at) => ({ inUse: at >= 144 || at % 24 >= 8 ? 4 : 0, known: 4 }));
    const silent = flat(() => ({ inUse: 0, known: 0 }));
    const days = (weeks: WeekHour[][]) => sharedWindowsOf(weeks).map(({ day }) => day);
    expect(days([byDay, byDay, silent])).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(days([byDay, sundaysToo])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sharedWindowsOf([silent])).toEqual([]);
    const half = flat((at) => ({ inUse: 0, known: at < 24 ? 4 : 2 }));
    expect(days([byDay, half])).toHaveLength(7);
    expect(sharedWindowsOf([byDay, half], { leastTimes: 3 }).map(({ day }) => day)).toEqual([0]);
  });

  it('counts an hour in which one device is unknown as no hour of its class', () => {
    const free = flat(() => ({ inUse: 0, known: 4 }));
    const nightsUnheard = flat((at) => ({ inUse: 0, known: at % 24 < 8 ? 0 : 4 }));
    expect(sharedWindowsOf([free, nightsUnheard])[0]).toMatchObject({ fromHour: 8, hours: 16, times: 4 });
  });

  it('covers a window by what was seen where hours of the zone begin between those of UTC', () => {
    expect(isBetweenHours('Asia/Kolkata', monday)).toBe(true);
    expect(isBetweenHours('Europe/Berlin', monday)).toBe(false);
    const week = flat((at) => ({ inUse: at < 3 || at > 6 ? 4 : 0, known: 4 }));
    expect(safeWindowsOf(week)).toMatchObject([{ fromHour: 3, hours: 4 }]);
    expect(safeWindowsOf(week, { between: true })).toMatchObject([{ fromHour: 4, hours: 3 }]);
  });
});
