import type { Micros } from '@wardline/model';

/** A service that the device used at a peer, or offered. */
export interface Relation {
  first: Micros;
  last: Micros;
  /** Slices of time in which it was seen. */
  times: number;
}

/** What is normal for one device. Plain, so that it can be stored as it stands. */
export interface DeviceBaseline {
  first: Micros;
  last: Micros;
  /** `c|peer|tcp/104`: used at the peer; `s|tcp/104`: offered. */
  relations: Record<string, Relation>;
  /** Commands (`modbus:read-coils`), and how they change things (`modbus=write`). */
  commands: Record<string, Micros>;
  /** Distinct hours of each hour of the week (UTC, from Monday 0:00) in which it spoke. */
  week: number[];
  lastHour: number;
  /** Slices in which it spoke, and the longest pause between them, µs. */
  spoke: number;
  longestPause: Micros;
  /** Most bytes that it sent in an hour. */
  mostSent: number;
  hourSent: number;
  /** It did what looks wrong while learning, so that nothing of it counts as normal. */
  suspicious: boolean;
}

export function newBaseline(at: Micros): DeviceBaseline {
  return {
    first: at,
    last: at,
    relations: {},
    commands: {},
    week: Array(168).fill(0) as number[],
    lastHour: -1,
    spoke: 0,
    longestPause: 0,
    mostSent: 0,
    hourSent: 0,
    suspicious: false,
  };
}

const HOUR = 3_600_000_000;
/** 1970-01-01 was a Thursday. */
const EPOCH_HOUR_OF_WEEK = 72;

export function hourOfWeekUtc(at: Micros): number {
  return (Math.floor(at / HOUR) + EPOCH_HOUR_OF_WEEK) % 168;
}

/** The device sent something. */
export function noteActivity(baseline: DeviceBaseline, from: Micros, until: Micros, bytes: number): void {
  const hour = Math.floor(from / HOUR);
  if (baseline.spoke > 0) baseline.longestPause = Math.max(baseline.longestPause, from - baseline.last);
  baseline.spoke += 1;
  baseline.last = Math.max(baseline.last, until);
  if (hour !== baseline.lastHour) {
    baseline.week[hourOfWeekUtc(from)]! += 1;
    baseline.lastHour = hour;
    baseline.hourSent = 0;
  }
  baseline.hourSent += bytes;
  baseline.mostSent = Math.max(baseline.mostSent, baseline.hourSent);
}

/** A relation was seen in use. */
export function noteRelation(baseline: DeviceBaseline, key: string, at: Micros, most: number): void {
  const known = baseline.relations[key];
  if (known !== undefined) {
    known.last = Math.max(known.last, at);
    known.times += 1;
    return;
  }
  if (Object.keys(baseline.relations).length < most) baseline.relations[key] = { first: at, last: at, times: 1 };
}
