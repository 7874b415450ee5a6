import { ADVISORY_CHARS } from '../limits.ts';
import type { AdvisoryReading } from './advisory.ts';
import { readCsaf } from './csaf.ts';
import { readCve } from './cve.ts';
import { readOpenVex } from './openvex.ts';
import { parseTree, refuse, textOf, treeOf } from './tree.ts';

/** Reads one document about weaknesses; its format shows in its content. */
export async function readAdvisory(text: string): Promise<AdvisoryReading> {
  if (text.length > ADVISORY_CHARS) return refuse('', `longer than ${ADVISORY_CHARS} characters`);
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const { tree } = parsed;
  if (textOf(treeOf(tree.document).csaf_version) !== null) return await readCsaf(tree);
  if (tree.dataType === 'CVE_RECORD') return readCve(tree);
  if (textOf(tree['@context'])?.startsWith('https://openvex.dev/ns')) return readOpenVex(tree);
  return refuse('', 'neither a CSAF 2.0 document nor a CVE record (JSON 5) nor OpenVEX');
}
