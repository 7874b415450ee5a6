import { ADVISORY_CHARS } from '../limits.ts';
import type { AdvisoriesReading, AdvisoryFault, AdvisoryReading } from './advisory.ts';
import { readCsaf } from './csaf.ts';
import { readCve } from './cve.ts';
import { type EpssReading, readEpss } from './epss.ts';
import { type KevReading, readKev } from './kev.ts';
import { readNvd } from './nvd.ts';
import { readOpenVex } from './openvex.ts';
import { readOsv } from './osv.ts';
import { readSsvc, type SsvcReading } from './ssvc.ts';
import { parseTree, refuse, type Tree, textOf, treeOf } from './tree.ts';

type Read<Reading> = Exclude<Reading, { ok: false }>;

/** A file about weaknesses: documents, or what enriches the weaknesses of documents. */
export type WeaknessFile =
  | ({ kind: 'advisories' } & Read<AdvisoriesReading>)
  | ({ kind: 'kev' } & Read<KevReading>)
  | ({ kind: 'epss' } & Read<EpssReading>)
  | ({ kind: 'ssvc' } & Read<SsvcReading>)
  | { ok: false; kind: 'unread'; faults: readonly AdvisoryFault[] };

/** Reads one file about weaknesses; what it is shows in its content. */
export async function readWeaknessFile(text: string): Promise<WeaknessFile> {
  if (text.length > ADVISORY_CHARS) return unread(refuse('', `longer than ${ADVISORY_CHARS} characters`));
  const begin = text
    .slice(0, 2000)
    .trimStart()
    .replace(/^\ufeff/, '');
  if (begin.startsWith('#model_version')) return tagged('epss', readEpss(text));
  if (begin.startsWith('row,')) return tagged('ssvc', readSsvc(text));
  const parsed = parseTree(text);
  if (!parsed.ok) return unread(parsed);
  const { tree } = parsed;
  if (textOf(tree.catalogVersion) !== null) return tagged('kev', readKev(text));
  if (tree.decision_points !== undefined) return tagged('ssvc', readSsvc(text));
  if (Array.isArray(tree.data) && treeOf(tree.data[0]).epss !== undefined)
    return tagged('epss', readEpss(text));
  if (tree.format === 'NVD_CVE') return tagged('advisories', readNvd(tree));
  return tagged('advisories', several(await readTree(tree)));
}

function tagged<K extends string, R extends { ok: true }>(
  kind: K,
  reading: R | { ok: false; faults: readonly AdvisoryFault[] },
): ({ kind: K } & R) | { ok: false; kind: 'unread'; faults: readonly AdvisoryFault[] } {
  return reading.ok ? { ...reading, kind } : unread(reading);
}

const unread = ({ faults }: { faults: readonly AdvisoryFault[] }) => ({
  ok: false as const,
  kind: 'unread' as const,
  faults,
});

const several = (reading: AdvisoryReading): AdvisoriesReading =>
  reading.ok ? { ok: true, advisories: [reading.advisory], faults: [] } : reading;

/** Reads one document about weaknesses; its format shows in its content. */
export async function readAdvisory(text: string): Promise<AdvisoryReading> {
  if (text.length > ADVISORY_CHARS) return refuse('', `longer than ${ADVISORY_CHARS} characters`);
  const parsed = parseTree(text);
  return parsed.ok ? await readTree(parsed.tree) : parsed;
}

async function readTree(tree: Tree): Promise<AdvisoryReading> {
  if (textOf(treeOf(tree.document).csaf_version) !== null) return await readCsaf(tree);
  if (tree.dataType === 'CVE_RECORD') return readCve(tree);
  if (textOf(tree['@context'])?.startsWith('https://openvex.dev/ns')) return readOpenVex(tree);
  if (textOf(tree.modified) !== null && textOf(tree.id) !== null) return readOsv(tree);
  return refuse('', 'none of CSAF 2.0, CVE record (JSON 5), NVD 2.0, OSV, OpenVEX, KEV, EPSS and SSVC table');
}
