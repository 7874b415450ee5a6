import { parseTree, type Tree, textOf } from '../advisories/tree.ts';
import { SBOM_CHARS } from '../limits.ts';
import { viewCycloneDx } from './cyclonedx.ts';
import { cycloneDxFaults, cycloneDxVersions, isCycloneDxVersion } from './cyclonedx-schema.ts';
import { treeOfXml } from './cyclonedx-xml.ts';
import { xsdFaults } from './cyclonedx-xsd.ts';
import type { SbomDocument, SbomFormat, SbomReading, ViewReading } from './sbom.ts';
import { parseTags, printTags, treeOfTags } from './spdx-tags.ts';
import { viewSpdx2 } from './spdx2.ts';
import { viewSpdx3 } from './spdx3.ts';
import { parseXml, printXml } from './xml.ts';

/** Reads a bill of materials; its format shows in its content. What violates its format is refused with the place. */
export async function readSbom(text: string): Promise<SbomReading> {
  if (text.length > SBOM_CHARS) return refuse('', `longer than ${SBOM_CHARS} characters`);
  const begin = text
    .slice(0, 4000)
    .replace(/^\ufeff/, '')
    .trimStart();
  if (begin.startsWith('<')) return await readXml(text);
  if (begin.startsWith('{')) return readJson(text);
  if (/^(\s*#.*\n|\s*\n)*\s*SPDXVersion:/.test(begin)) return readTags(text);
  return refuse('', 'none of CycloneDX (JSON, XML) and SPDX (JSON, tag-value, JSON-LD)');
}

const refuse = (place: string, message: string): SbomReading => ({ ok: false, faults: [{ place, message }] });

const joined = (format: SbomFormat, reading: ViewReading, document: SbomDocument): SbomReading =>
  reading.ok ? { ok: true, sbom: { ...reading.view, format, document } } : reading;

function readJson(text: string): SbomReading {
  const parsed = parseTree(text);
  if (!parsed.ok) return parsed;
  const { tree } = parsed;
  const document = { kind: 'json' as const, tree };
  if (tree.bomFormat !== undefined || tree.specVersion !== undefined)
    return joined('cyclonedx-json', readCycloneDx(tree), document);
  if (tree['@context'] !== undefined) return joined('spdx-json-ld', viewSpdx3(tree), document);
  if (tree.spdxVersion !== undefined || tree.SPDXID !== undefined)
    return joined('spdx-json', spdxVersionOf(tree) ?? viewSpdx2(tree), document);
  return refuse('', 'neither CycloneDX (bomFormat), SPDX 2 (spdxVersion) nor SPDX 3 (@context)');
}

const versions = `${cycloneDxVersions[0]} to ${cycloneDxVersions.at(-1)}`;

function readCycloneDx(tree: Tree): ViewReading {
  const { specVersion } = tree;
  if (tree.bomFormat !== 'CycloneDX')
    return { ok: false, faults: [{ place: '/bomFormat', message: 'expected CycloneDX' }] };
  if (!isCycloneDxVersion(specVersion))
    return { ok: false, faults: [{ place: '/specVersion', message: `expected ${versions}` }] };
  const faults = cycloneDxFaults(specVersion, tree);
  return faults.length > 0 ? { ok: false, faults } : viewCycloneDx(tree);
}

function spdxVersionOf(tree: Tree, place = '/spdxVersion'): ViewReading | null {
  if (['SPDX-2.2', 'SPDX-2.3'].includes(textOf(tree.spdxVersion) ?? '')) return null;
  return { ok: false, faults: [{ place, message: 'expected SPDX-2.2 or SPDX-2.3' }] };
}

const cycloneDxSpace = 'http://cyclonedx.org/schema/bom/';

async function readXml(text: string): Promise<SbomReading> {
  const parsed = parseXml(text);
  if (!parsed.ok) return parsed;
  const { root, xml } = parsed;
  const version = root.uri.startsWith(cycloneDxSpace) ? root.uri.slice(cycloneDxSpace.length) : null;
  if (root.local !== 'bom' || !isCycloneDxVersion(version))
    return refuse('line 1', `expected a bom of ${cycloneDxSpace} ${versions}`);
  const faults = await xsdFaults(version, text);
  if (faults.length > 0) return { ok: false, faults };
  return joined('cyclonedx-xml', viewCycloneDx(treeOfXml(root)), { kind: 'xml', xml });
}

function readTags(text: string): SbomReading {
  const parsed = parseTags(text);
  if (!parsed.ok) return parsed;
  const { lines } = parsed;
  const read = treeOfTags(lines);
  if (!read.ok) return read;
  const { tree, lines: begins } = read.built;
  const placeOf = (element: object, pointer: string): string =>
    begins.has(element) ? `line ${begins.get(element)}` : pointer;
  const view = spdxVersionOf(tree, 'line 1') ?? viewSpdx2(tree, placeOf);
  return joined('spdx-tag-value', view, { kind: 'tags', lines });
}

/** Writes a document again, without loss: reading it gives an equal one. */
export function writeSbom({ document }: { document: SbomDocument }): string {
  if (document.kind === 'xml') return printXml(document.xml);
  return document.kind === 'tags' ? printTags(document.lines) : `${JSON.stringify(document.tree, null, 2)}\n`;
}
