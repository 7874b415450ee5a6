import { CVSS_CHARS } from './limits.ts';
import type { Metric } from './metric.ts';
import { type CvssVersion, cvssVersions, grammars } from './versions.ts';

export interface CvssVector {
  version: CvssVersion;
  /** Every metric of the version; one that was not given has the value that says so. */
  metrics: ReadonlyMap<string, string>;
}

/** Where a vector is wrong, as an offset in characters, and what was expected there. */
export interface CvssFault {
  at: number;
  message: string;
}

export type CvssReading = { ok: true; vector: CvssVector } | { ok: false; fault: CvssFault };

const refuse = (at: number, message: string): CvssReading => ({ ok: false, fault: { at, message } });

/** Reads a vector of CVSS 2.0, 3.0, 3.1 or 4.0. Every base metric has to be there, and none twice. */
export function readCvss(text: string): CvssReading {
  if (text.length > CVSS_CHARS) return refuse(CVSS_CHARS, `longer than ${CVSS_CHARS} characters`);
  const version = versionOf(text);
  if (version === null) return refuse(0, 'expected CVSS:3.0/, CVSS:3.1/, CVSS:4.0/ or a vector of CVSS 2.0');
  const { prefix, metrics, ordered } = grammars[version];
  const given = new Map<string, string>();
  let at = prefix.length;
  let last = -1;
  for (const part of text.slice(at).split('/')) {
    const place = metrics.findIndex(({ key }) => part.startsWith(`${key}:`));
    const fault = faultOf(part, metrics[place], given) ?? (ordered && place < last ? 'out of order' : null);
    if (fault !== null) return refuse(at, fault);
    const { key } = metrics[place]!;
    given.set(key, part.slice(key.length + 1));
    at += part.length + 1;
    last = place;
  }
  const missing = metrics.find(({ key, otherwise }) => otherwise === null && !given.has(key));
  if (missing !== undefined) return refuse(text.length, `${missing.key} is missing`);
  return {
    ok: true,
    vector: {
      version,
      metrics: new Map(metrics.map(({ key, otherwise }) => [key, given.get(key) ?? otherwise!])),
    },
  };
}

function versionOf(text: string): CvssVersion | null {
  if (!text.startsWith('CVSS:')) return /^[A-Z][A-Za-z]*:/.test(text) ? '2.0' : null;
  return cvssVersions.find((one) => one !== '2.0' && text.startsWith(grammars[one].prefix)) ?? null;
}

function faultOf(
  part: string,
  metric: Metric | undefined,
  given: ReadonlyMap<string, string>,
): string | null {
  if (metric === undefined) return 'expected a metric of this version';
  if (given.has(metric.key)) return `${metric.key} is given twice`;
  return metric.values.includes(part.slice(metric.key.length + 1))
    ? null
    : `expected ${metric.key} as one of ${metric.values.join(', ')}`;
}

/** The vector as text: what is not defined is left out. */
export function printCvss({ version, metrics }: CvssVector): string {
  const { prefix, metrics: order } = grammars[version];
  const told = order.filter(({ key, otherwise }) => metrics.get(key) !== otherwise);
  return prefix + told.map(({ key }) => `${key}:${metrics.get(key)}`).join('/');
}
