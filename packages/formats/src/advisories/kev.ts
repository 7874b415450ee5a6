import { ADVISORY_CHARS } from '../limits.ts';
import type { AdvisoryFault } from './advisory.ts';
import { parseTree, refuse, textOf, treesOf } from './tree.ts';

/** A weakness that is known to be exploited, by CISA's catalogue (KEV). */
export interface Exploited {
  vulnerability: string;
  since: string;
  ransomware: boolean;
}

export type KevReading =
  | { ok: true; version: string; exploited: readonly Exploited[] }
  | { ok: false; faults: readonly AdvisoryFault[] };

/** Reads the KEV catalogue (JSON). */
export function readKev(text: string): KevReading {
  if (text.length > ADVISORY_CHARS) return refuse('', `longer than ${ADVISORY_CHARS} characters`);
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const version = textOf(parsed.tree.catalogVersion);
  if (version === null) return refuse('/catalogVersion', 'expected the version of the catalogue');
  const exploited: Exploited[] = [];
  for (const [index, entry] of treesOf(parsed.tree.vulnerabilities).entries()) {
    const vulnerability = textOf(entry.cveID);
    const since = textOf(entry.dateAdded);
    if (vulnerability === null) return refuse(`/vulnerabilities/${index}/cveID`, 'expected a CVE');
    if (since === null) return refuse(`/vulnerabilities/${index}/dateAdded`, 'expected a date');
    exploited.push({ vulnerability, since, ransomware: entry.knownRansomwareCampaignUse === 'Known' });
  }
  return { ok: true, version, exploited };
}
