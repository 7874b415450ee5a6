import { parseMicros } from '@wardline/model';
import { ADVISORY_FAULTS, NVD_RECORDS } from '../limits.ts';
import type { AdvisoriesReading, Advisory, AdvisoryFault, Score, Vulnerability } from './advisory.ts';
import { scoresOf } from './csaf.ts';
import { nvdStatements } from './nvd-configurations.ts';
import { listOf, refuse, type Tree, textOf, treeOf, treesOf } from './tree.ts';

/**
 * Reads an answer of the NVD's CVE API 2.0, as it is fetched page by page or kept in a mirror. A record that is at fault is named
 * with its place and the others are read.
 */
export function readNvd(tree: Tree): AdvisoriesReading {
  if (!Array.isArray(tree.vulnerabilities)) return refuse('/vulnerabilities', 'expected a list of records');
  if (tree.vulnerabilities.length > NVD_RECORDS)
    return refuse('/vulnerabilities', `more than ${NVD_RECORDS} records`);
  const advisories: Advisory[] = [];
  const faults: AdvisoryFault[] = [];
  for (const [index, entry] of listOf(tree.vulnerabilities).entries()) {
    const record = treeOf(treeOf(entry).cve);
    const fault = faultOf(record);
    if (fault === null) advisories.push(advisoryOf(record));
    else if (faults.length < ADVISORY_FAULTS)
      faults.push({ ...fault, place: `/vulnerabilities/${index}/cve/${fault.place}` });
  }
  return { ok: true, advisories, faults };
}

function faultOf(record: Tree): AdvisoryFault | null {
  if (!/^CVE-\d{4}-\d{4,19}$/.test(textOf(record.id) ?? ''))
    return { place: 'id', message: 'expected CVE-YYYY-NNNN' };
  const undated = ['published', 'lastModified'].find((name) => timeOf(record[name]) === null);
  return undated === undefined ? null : { place: undated, message: 'expected a date-time' };
}

/** The NVD writes times of UTC without saying so. */
function timeOf(value: unknown): number | null {
  const text = textOf(value);
  if (text === null) return null;
  return parseMicros(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
}

function advisoryOf(record: Tree): Advisory {
  const id = textOf(record.id)!;
  const updated = timeOf(record.lastModified)!;
  const vulnerability = vulnerabilityOf(record, id);
  const rejected = record.vulnStatus === 'Rejected';
  return {
    id: `NVD ${id}`,
    format: 'nvd',
    title: vulnerability.summary?.slice(0, 120) ?? id,
    issuer: 'NVD',
    revision: textOf(record.lastModified)!,
    published: timeOf(record.published)!,
    updated,
    vulnerabilities: [vulnerability],
    statements: rejected ? [] : nvdStatements(record, id, updated),
  };
}

function vulnerabilityOf(record: Tree, id: string): Vulnerability {
  const english = treesOf(record.descriptions).find((text) => text.lang === 'en');
  const weaknesses = treesOf(record.weaknesses)
    .flatMap((weakness) => treesOf(weakness.description))
    .flatMap((description) => textOf(description.value) ?? [])
    .filter((value) => value.startsWith('CWE-'));
  return {
    id,
    title: textOf(record.cisaVulnerabilityName),
    summary: textOf(english?.value),
    scores: metricsOf(treeOf(record.metrics)),
    weaknesses: [...new Set(weaknesses)],
    ssvc: {},
    exploitedSince: textOf(record.cisaExploitAdd),
  };
}

/** The NVD's own judgement before that of others. */
function metricsOf(metrics: Tree): Score[] {
  const names = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'];
  const all = names.flatMap((name) => treesOf(metrics[name]));
  const primaryFirst = [...all].sort((a, b) => Number(b.type === 'Primary') - Number(a.type === 'Primary'));
  return primaryFirst.flatMap((metric) => scoresOf({ cvss_v3: metric.cvssData }));
}
