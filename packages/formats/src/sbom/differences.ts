import type { Sbom, SbomComponent } from './sbom.ts';

/** What is else between two states of a product's parts. */
export interface SbomDifferences {
  added: readonly SbomComponent[];
  removed: readonly SbomComponent[];
  changed: readonly { before: SbomComponent; after: SbomComponent; what: readonly Changed[] }[];
  unchanged: number;
}

export type Changed = 'version' | 'supplier' | 'licenses' | 'hashes';

/** Holds two bills of materials against each other; a part is known again by its package's name, not by its place in the document. */
export function sbomDifferences(
  before: Pick<Sbom, 'components'>,
  after: Pick<Sbom, 'components'>,
): SbomDifferences {
  const old = Map.groupBy(before.components, nameKey);
  const now = Map.groupBy(after.components, nameKey);
  const found = {
    added: [] as SbomComponent[],
    removed: [] as SbomComponent[],
    changed: [] as Pair[],
    unchanged: 0,
  };
  for (const key of new Set([...old.keys(), ...now.keys()]))
    compare(old.get(key) ?? [], now.get(key) ?? [], found);
  return found;
}

type Pair = SbomDifferences['changed'][number];

/** The name by which a part is called over its versions: the purl without version and qualifiers, or type, group and name. */
export function nameKey({ purl, type, group, name }: SbomComponent): string {
  if (purl !== null)
    return purl
      .replace(/[?#].*$/, '')
      .replace(/@[^/]*$/, '')
      .toLowerCase();
  return `${type}/${group ?? ''}/${name}`.toLowerCase();
}

/** Equal ones first, then those of one version; what is left of several of one name is paired in its order. */
function compare(
  old: readonly SbomComponent[],
  now: readonly SbomComponent[],
  found: { added: SbomComponent[]; removed: SbomComponent[]; changed: Pair[]; unchanged: number },
): void {
  const byVersion = Map.groupBy(old, ({ version }) => version);
  const left: SbomComponent[] = [];
  for (const after of now) {
    const before = byVersion.get(after.version)?.shift();
    if (before === undefined) left.push(after);
    else note(before, after, found);
  }
  const gone = [...byVersion.values()].flat();
  for (const after of left) {
    const before = gone.shift();
    if (before === undefined) found.added.push(after);
    else note(before, after, found);
  }
  found.removed.push(...gone);
}

function note(
  before: SbomComponent,
  after: SbomComponent,
  found: { changed: Pair[]; unchanged: number },
): void {
  const what: Changed[] = [];
  if (before.version !== after.version) what.push('version');
  if (before.supplier !== after.supplier) what.push('supplier');
  if (
    listOf(before.licenses.map(({ expression }) => expression)) !==
    listOf(after.licenses.map(({ expression }) => expression))
  )
    what.push('licenses');
  if (hashesDiffer(before, after)) what.push('hashes');
  if (what.length > 0) found.changed.push({ before, after, what });
  else found.unchanged += 1;
}

const listOf = (texts: readonly string[]): string => [...texts].sort().join('\n');

/** Only the same algorithm tells the same content. */
function hashesDiffer(before: SbomComponent, after: SbomComponent): boolean {
  const known = new Map(before.hashes.map(({ algorithm, value }) => [algorithm, value]));
  return after.hashes.some(({ algorithm, value }) => known.has(algorithm) && known.get(algorithm) !== value);
}
