import { WEEK_HOURS, type Week, type WeekHour } from '@wardline/watch';

/** A count in the database is one byte: more than 255 weeks are told as 255. */
const MOST = 255;

/** A week as two bytes an hour: how often it was known, and in use. */
export function packWeek(week: Week): Buffer {
  const bytes = Buffer.alloc(WEEK_HOURS * 2);
  for (const [at, { known, inUse }] of week.entries()) {
    bytes[at * 2] = Math.min(known, MOST);
    bytes[at * 2 + 1] = Math.min(inUse, MOST);
  }
  return bytes;
}

export function unpackWeek(bytes: Uint8Array): WeekHour[] {
  return Array.from({ length: WEEK_HOURS }, (_, at) => ({
    known: bytes[at * 2]!,
    inUse: bytes[at * 2 + 1]!,
  }));
}

/** Per hour of the week, the share in use of what is known; null where nothing is. */
export function sharesOf(week: Week): (number | null)[] {
  return week.map(({ known, inUse }) => (known === 0 ? null : inUse / known));
}

/** All counts of several weeks together. */
export function addWeek(sum: WeekHour[], week: Week): void {
  for (const [at, { known, inUse }] of week.entries()) {
    sum[at]!.known += known;
    sum[at]!.inUse += inUse;
  }
}

export function emptyWeek(): WeekHour[] {
  return Array.from({ length: WEEK_HOURS }, () => ({ known: 0, inUse: 0 }));
}
