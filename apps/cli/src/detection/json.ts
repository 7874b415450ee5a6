import { formatMicros } from '@wardline/model';
import type { DetectionReport } from './detect.ts';

const times = new Set(['firstSeen', 'lastSeen', 'from', 'until']);

/** The report as one JSON object; times are RFC 3339 in UTC, the gravest story comes first. */
export function detectionJson(report: DetectionReport, generator: string): string {
  const document = { version: 1, generator, ...report };
  const instant = (key: string, value: unknown): unknown =>
    times.has(key) && typeof value === 'number' && Number.isFinite(value) ? formatMicros(value) : value;
  return `${JSON.stringify(document, instant, 2)}\n`;
}
