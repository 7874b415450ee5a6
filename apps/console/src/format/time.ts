/** The site's zone; the browser's until the server names one. */
let zone: string | undefined;

export function setSiteZone(name: string | undefined): void {
  zone = name;
}

export function siteZone(): string {
  return zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** RFC 3339 text, or microseconds since the epoch where a fact carries them. */
export type Instant = string | number;

function toDate(value: Instant): Date {
  return new Date(typeof value === 'number' ? value / 1000 : value);
}

/** `23 Nov 2026, 22:04:31` in the site's zone. */
export function showTime(value: Instant): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone: siteZone(),
  }).format(toDate(value));
}

/** What is shown on hover: the exact instant in UTC. */
export function showUtc(value: Instant): string {
  if (typeof value === 'string' && value.endsWith('Z')) return value;
  const date = toDate(value);
  return Number.isNaN(date.getTime()) ? String(value) : date.toISOString();
}

/** `3 s`, `12 min`, `5 h`, `8 days`: the length of a stretch of time. */
export function showSpan(from: Instant, to: Instant): string {
  const seconds = Math.max(0, (toDate(to).getTime() - toDate(from).getTime()) / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
