import type { SafeWindow } from '@wardline/model';

/** Hours of a week. */
export const WEEK_HOURS = 168;
const DAY_HOURS = 24;
/** An hour of the week may belong to a safe window while it was in use at most this often. */
const SELDOM = 0.1;
/** Shorter spans leave no room for an update that goes wrong. */
const LEAST_HOURS = 2;
const MOST_WINDOWS = 7;
/** 95 %, one-sided. */
const Z = 1.645;

/** In use, and known, of the same hour over all weeks. */
export interface WeekHour {
  inUse: number;
  known: number;
}

/**
 * Spans of the week in which the device was seldom in use, the surest first. A span never runs over midnight, so that it
 * belongs to one shift; hours that nobody heard end it.
 */
export function safeWindowsOf(week: readonly WeekHour[]): SafeWindow[] {
  const found: SafeWindow[] = [];
  let from = 0;
  for (let at = 0; at <= WEEK_HOURS; at += 1) {
    if (at < WEEK_HOURS && isQuiet(week[at]!) && (at % DAY_HOURS !== 0 || at === from)) continue;
    if (at - from >= LEAST_HOURS) found.push(windowOf(week, from, at));
    from = at < WEEK_HOURS && isQuiet(week[at]!) ? at : at + 1;
  }
  return found
    .toSorted((a, b) => a.atMostInUse - b.atMostInUse || b.hours - a.hours || a.day - b.day)
    .slice(0, MOST_WINDOWS);
}

function isQuiet({ inUse, known }: WeekHour): boolean {
  return known > 0 && inUse / known <= SELDOM;
}

function windowOf(week: readonly WeekHour[], from: number, until: number): SafeWindow {
  const hours = week.slice(from, until);
  const known = hours.reduce((sum, hour) => sum + hour.known, 0);
  const inUse = hours.reduce((sum, hour) => sum + hour.inUse, 0);
  return {
    day: Math.floor(from / DAY_HOURS),
    fromHour: from % DAY_HOURS,
    hours: until - from,
    atMostInUse: upperBound(inUse, known),
    observedHours: known,
  };
}

/** Upper end of Wilson's interval for a share. */
export function upperBound(hits: number, of: number): number {
  if (of === 0) return 1;
  const share = hits / of;
  const square = (Z * Z) / of;
  const middle = share + square / 2;
  const width = Z * Math.sqrt((share * (1 - share)) / of + square / (4 * of));
  return Math.min(1, (middle + width) / (1 + square));
}
