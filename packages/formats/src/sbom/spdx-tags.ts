import type { Tree } from '../advisories/tree.ts';
import { SBOM_FAULTS } from '../limits.ts';
import type { SbomFault } from './sbom.ts';
import { type Section, tagPlaces } from './spdx-tag-names.ts';

/** A line of SPDX's tag-value form; a comment or an empty line has no tag. A value over several lines counts as one. */
export interface TagLine {
  tag: string | null;
  value: string;
  /** It stood within `<text>`. */
  long: boolean;
  line: number;
}

type Taken<Kind extends string, Value> =
  | ({ ok: true } & Record<Kind, Value>)
  | { ok: false; faults: readonly SbomFault[] };

/** Parts a document into its lines of tags (SPDX 2.3 §4.3 and annex on tag-value). */
export function parseTags(text: string): Taken<'lines', TagLine[]> {
  const rows = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const lines: TagLine[] = [];
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index]!;
    const line = index + 1;
    const parts = /^\s*([A-Za-z][A-Za-z0-9]*):[ \t]?(.*)$/.exec(row);
    if (parts === null) {
      if (!/^\s*(#.*)?$/.test(row))
        return refuseAt(line, 'expected `Tag: value`, a comment or an empty line');
      lines.push({ tag: null, value: row, long: false, line });
      continue;
    }
    const [, tag, value] = parts as unknown as [string, string, string];
    if (!value.startsWith('<text>')) {
      lines.push({ tag, value, long: false, line });
      continue;
    }
    let end = index;
    while (end < rows.length && !rows[end]!.includes('</text>')) end += 1;
    if (end === rows.length) return refuseAt(line, '<text> is not closed');
    const whole = [value, ...rows.slice(index + 1, end + 1)].join('\n');
    const [inner, rest] = [
      whole.slice(6, whole.indexOf('</text>')),
      whole.slice(whole.indexOf('</text>') + 7),
    ];
    if (rest.trim() !== '') return refuseAt(end + 1, 'unexpected text after </text>');
    lines.push({ tag, value: inner, long: true, line });
    index = end;
  }
  return { ok: true, lines };
}

const refuseAt = (line: number, message: string) => ({
  ok: false as const,
  faults: [{ place: `line ${line}`, message }],
});

export const printTags = (lines: readonly TagLine[]): string =>
  lines
    .map(({ tag, value, long }) =>
      tag === null ? value : long ? `${tag}: <text>${value}</text>` : `${tag}: ${value}`,
    )
    .join('\n');

type Mutable = Record<string, unknown>;

interface Building {
  document: Mutable;
  open: Partial<Record<Section, Mutable>>;
  /** Where each element begins, so that a fault in the tree is told by its line. */
  lines: Map<object, number>;
  faults: SbomFault[];
}

/** The document in the shape of SPDX's JSON, and the line at which each of its elements begins. */
export function treeOfTags(
  lines: readonly TagLine[],
): Taken<'built', { tree: Tree; lines: ReadonlyMap<object, number> }> {
  const document: Mutable = { creationInfo: {} };
  const building: Building = { document, open: { document }, lines: new Map(), faults: [] };
  for (const line of lines) {
    if (line.tag !== null) take(building, line, line.tag);
    if (building.faults.length >= SBOM_FAULTS) break;
  }
  const { faults } = building;
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, built: { tree: document, lines: building.lines } };
}

function take(building: Building, { value, line }: TagLine, tag: string): void {
  const place = tagPlaces.get(tag);
  const fault = (message: string) => building.faults.push({ place: `line ${line}`, message });
  if (place === undefined) {
    fault(`unknown tag ${tag}`);
    return;
  }
  if (place.opens !== undefined) begin(building, place.opens, line);
  const section = place.section === 'element' ? innermost(building) : place.section;
  const target = building.open[section];
  if (target === undefined) fault(`${tag} stands before the ${section} that it belongs to`);
  else if (place.read === undefined) put(target, place.key, value.trim(), place.many);
  else {
    const read = place.read(value.trim());
    if (typeof read === 'string') fault(`${tag}: ${read}`);
    else put(target, place.key, read, place.many);
    if (typeof read !== 'string') building.lines.set(read, line);
  }
}

/** `SPDXID` and the like belong to whatever was begun last. */
const innermost = ({ open }: Building): Section =>
  open.snippet !== undefined
    ? 'snippet'
    : open.file !== undefined
      ? 'file'
      : open.package !== undefined
        ? 'package'
        : 'document';

const lists: Readonly<Partial<Record<Section, string>>> = {
  package: 'packages',
  file: 'files',
  snippet: 'snippets',
  license: 'hasExtractedLicensingInfos',
  annotation: 'annotations',
  review: 'revieweds',
};

function begin(building: Building, section: Section, line: number): void {
  const begun: Mutable = {};
  const inner: Section[] =
    section === 'package' ? ['file', 'snippet'] : section === 'file' ? ['snippet'] : [];
  for (const one of inner) delete building.open[one];
  building.open[section] = begun;
  building.lines.set(begun, line);
  put(building.document, lists[section]!, begun, true);
}

function put(target: Mutable, key: string, value: unknown, many: boolean): void {
  const path = key.split('.');
  const last = path.pop()!;
  let at = target;
  for (const step of path) {
    at[step] ??= {};
    at = at[step] as Mutable;
  }
  if (!many) at[last] = value;
  else if (Array.isArray(at[last])) at[last].push(value);
  else at[last] = [value];
}
