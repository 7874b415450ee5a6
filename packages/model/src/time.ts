/**
 * Time on the wire and in every table is a whole number of microseconds since the Unix epoch (UTC).
 * It stays a safe integer until the year 2255; nanosecond captures are truncated to it.
 */
export type Micros = number;

/** Formats as RFC 3339 in UTC with six decimals: `2026-11-23T21:46:14.123456Z`. */
export function formatMicros(time: Micros): string {
  const millis = Math.floor(time / 1000);
  const rest = time - millis * 1000;
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** True for a time zone of the IANA database, as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Reads an RFC 3339 date-time; digits past the microsecond are dropped. Returns null where it is not one. */
export function parseMicros(text: string): Micros | null {
  const millis = Date.parse(text);
  if (Number.isNaN(millis)) return null;
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  const micros = Number(fraction.padEnd(6, '0').slice(3, 6));
  return millis * 1000 + micros;
}
