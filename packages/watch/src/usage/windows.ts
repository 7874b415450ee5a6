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
export type Week = readonly WeekHour[];

export interface WindowOptions {
  /** How many times each hour of a window was watched at the least; 1 where it is not said. */
  leastTimes?: number;
  /**
   * True where the zone's full hours are not those of UTC, by which hours are kept: what is called the hour 5 then reaches from 5:30 to
   * 6:30, and only from 6:00 on is a window covered by what was seen.
   */
  between?: boolean;
}

/**
 * Spans of the week in which the device was seldom in use, the surest first. A span never runs over midnight, so that it
 * belongs to one shift; hours that nobody heard end it.
 */
export function safeWindowsOf(week: Week, options: WindowOptions = {}): SafeWindow[] {
  return windowsOfAll([week], options);
}

/**
 * Spans of the week in which every one of several devices was seldom in use. Devices of which nothing at all is known have no
 * say: whoever tells the windows tells how many they are.
 */
export function sharedWindowsOf(weeks: readonly Week[], options: WindowOptions = {}): SafeWindow[] {
  const known = weeks.filter(isKnown);
  return known.length === 0 ? [] : windowsOfAll(known, options);
}

/** Whether anything is known of the device's week. */
export function isKnown(week: Week): boolean {
  return week.some((hour) => hour.known > 0);
}

function windowsOfAll(
  weeks: readonly Week[],
  { leastTimes = 1, between = false }: WindowOptions,
): SafeWindow[] {
  const quiet = Array.from({ length: WEEK_HOURS }, (_, at) =>
    weeks.every((week) => isQuiet(week[at]!, leastTimes)),
  );
  return spansOf(quiet)
    .filter(([from, until]) => until - from - Number(between) >= LEAST_HOURS)
    .map(([from, until]) => windowOf(weeks, from, until, between))
    .toSorted((a, b) => a.atMostInUse - b.atMostInUse || b.hours - a.hours || a.day - b.day)
    .slice(0, MOST_WINDOWS);
}

/** Runs of quiet hours, cut at midnight. */
function spansOf(quiet: readonly boolean[]): [from: number, until: number][] {
  const spans: [number, number][] = [];
  for (let at = 0; at < WEEK_HOURS; at += 1) {
    if (!quiet[at]) continue;
    const last = spans.at(-1);
    if (last?.[1] === at && at % DAY_HOURS !== 0) last[1] = at + 1;
    else spans.push([at, at + 1]);
  }
  return spans;
}

function isQuiet({ inUse, known }: WeekHour, leastTimes: number): boolean {
  return known > 0 && known >= leastTimes && inUse / known <= SELDOM;
}

/** The figures are those of the device that they are worst for. */
function windowOf(weeks: readonly Week[], from: number, until: number, between: boolean): SafeWindow {
  const spans = weeks.map((week) => {
    const hours = week.slice(from, until);
    const known = hours.reduce((sum, hour) => sum + hour.known, 0);
    const inUse = hours.reduce((sum, hour) => sum + hour.inUse, 0);
    return { hours, known, bound: upperBound(inUse, known) };
  });
  const hours = spans.flatMap((span) => span.hours);
  return {
    day: Math.floor(from / DAY_HOURS),
    fromHour: (from % DAY_HOURS) + Number(between),
    hours: until - from - Number(between),
    atMostInUse: spans.reduce((most, { bound }) => Math.max(most, bound), 0),
    observedHours: spans.reduce((least, { known }) => Math.min(least, known), Infinity),
    times: hours.reduce((least, { known }) => Math.min(least, known), Infinity),
    timesInUse: hours.reduce((most, { inUse }) => Math.max(most, inUse), 0),
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
