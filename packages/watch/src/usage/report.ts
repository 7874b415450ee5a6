import type { Micros, UsageHour, UsageReport } from '@wardline/model';
import { HOUR } from './activity.ts';
import { safeWindowsOf, WEEK_HOURS, type WeekHour, type WindowOptions } from './windows.ts';

/** Hours since Monday 0:00 in the site's own time, 0 to 167. */
export type HourOfWeek = (at: Micros) => number;

/** The hour of the week in a time zone (IANA name), summer time included; throws RangeError where there is no such zone. */
export function hourOfWeekIn(timeZone: string): HourOfWeek {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  const known = new Map<Micros, number>();
  return (at) => {
    const hour = Math.floor(at / HOUR);
    const before = known.get(hour);
    if (before !== undefined) return before;
    const parts = Object.fromEntries(
      format.formatToParts((hour * HOUR) / 1000).map((p) => [p.type, p.value]),
    );
    const value = days.indexOf(parts.weekday ?? 'Mon') * 24 + Number(parts.hour);
    // A report looks at some weeks; another at others.
    if (known.size > 10_000) known.clear();
    known.set(hour, value);
    return value;
  };
}

/** Whether full hours of UTC fall between full hours of the zone (IANA name) at a moment, as in India. */
export function isBetweenHours(timeZone: string, at: Micros): boolean {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, minute: '2-digit' });
  return Number(format.format((Math.floor(at / HOUR) * HOUR) / 1000)) !== 0;
}

/**
 * How a device was used over the hours given, and when it is seldom in use. Shares are of hours that are known: hours that
 * nobody heard count neither way.
 */
export function usageReport(
  device: string,
  hours: readonly UsageHour[],
  hourOfWeek: HourOfWeek,
  windows: WindowOptions = {},
): UsageReport {
  const counts = { 'in-use': 0, idle: 0, off: 0, unknown: 0 };
  for (const { state } of hours) counts[state] += 1;
  const week = weekOf(hours, hourOfWeek);
  const known = hours.length - counts.unknown;
  return {
    device,
    from: hours[0]?.hour ?? 0,
    until: (hours.at(-1)?.hour ?? -HOUR) + HOUR,
    hours: counts,
    utilisation: known === 0 ? null : counts['in-use'] / known,
    week: week.map((slot) => (slot.known === 0 ? null : slot.inUse / slot.known)),
    safeWindows: safeWindowsOf(week, windows),
    lastInUse: hours.findLast(({ state }) => state === 'in-use')?.hour ?? null,
  };
}

/** How often each hour of the week was known, and in use. */
export function weekOf(hours: readonly UsageHour[], hourOfWeek: HourOfWeek): WeekHour[] {
  const week: WeekHour[] = Array.from({ length: WEEK_HOURS }, () => ({ inUse: 0, known: 0 }));
  for (const { hour, state } of hours) {
    if (state === 'unknown') continue;
    const slot = week[hourOfWeek(hour)]!;
    slot.known += 1;
    if (state === 'in-use') slot.inUse += 1;
  }
  return week;
}
