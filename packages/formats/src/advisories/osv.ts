import { parseMicros } from '@wardline/model';
import { ADVISORY_STATEMENTS, OSV_EVENTS } from '../limits.ts';
import type { AdvisoryReading, ProductIdentity, ProductStatement } from './advisory.ts';
import { listOf, refuse, type Tree, textOf, textsOf, treeOf, treesOf } from './tree.ts';

/** Reads a record of the OSV schema (1.x): packages of an ecosystem with the ranges that have a weakness. */
export function readOsv(tree: Tree): AdvisoryReading {
  const id = textOf(tree.id);
  if (id === null) return refuse('/id', 'expected the id of the record');
  const updated = parseMicros(textOf(tree.modified) ?? '');
  if (updated === null) return refuse('/modified', 'expected a date-time (RFC 3339)');
  const published = parseMicros(textOf(tree.published) ?? '') ?? updated;
  const withdrawn = textOf(tree.withdrawn) !== null;
  const vulnerability = textsOf(tree.aliases).find((alias) => alias.startsWith('CVE-')) ?? id;
  const issuer = id.includes('-') ? `OSV ${id.slice(0, id.indexOf('-'))}` : 'OSV';
  const statements: ProductStatement[] = [];
  for (const [index, affected] of treesOf(tree.affected).entries()) {
    const read = productOf(affected);
    if ('message' in read) return refuse(`/affected/${index}/${read.place}`, read.message);
    if (!withdrawn) statements.push({ ...silent, vulnerability, product: read, issuer, at: updated });
    if (statements.length > ADVISORY_STATEMENTS)
      return refuse(`/affected/${index}`, `more than ${ADVISORY_STATEMENTS} statements`);
  }
  const told = { id: vulnerability, title: textOf(tree.summary), summary: textOf(tree.details) };
  const weaknesses = textsOf(treeOf(tree.database_specific).cwe_ids);
  return {
    ok: true,
    advisory: {
      id,
      format: 'osv',
      title: told.title ?? id,
      issuer,
      revision: textOf(tree.modified)!,
      published,
      updated,
      vulnerabilities: [{ ...told, scores: [], weaknesses, ssvc: {}, exploitedSince: null }],
      statements,
    },
  };
}

const silent = {
  within: null,
  status: 'affected' as const,
  justification: null,
  impact: null,
  remediations: [],
};

type Fault = { place: string; message: string };

function productOf(affected: Tree): ProductIdentity | Fault {
  const named = treeOf(affected.package);
  const name = textOf(named.name);
  if (name === null && Object.keys(named).length > 0)
    return { place: 'package/name', message: 'expected the name of the package' };
  const ranges: string[] = [];
  for (const [index, range] of treesOf(affected.ranges).entries()) {
    if (range.type === 'GIT') continue;
    const read = rangesOf(range);
    if ('message' in read) return { ...read, place: `ranges/${index}/${read.place}` };
    ranges.push(...read);
  }
  const ecosystem = textOf(named.ecosystem) ?? 'unknown';
  const versions = textsOf(affected.versions);
  return {
    vendor: null,
    name: name ?? '',
    models: [],
    serials: [],
    cpe: null,
    purl: released(textOf(named.purl) ?? purlOf(ecosystem, name ?? ''), ecosystem),
    // OSV §affected: a version is meant by the list or by the ranges; a record of commits alone names no version.
    versions: ranges.length + versions.length === 0 ? ['commits only'] : [...ranges, ...versions],
  };
}

/** `Debian:12`: the ranges hold for that release of the distribution alone. */
function released(purl: string, ecosystem: string): string {
  const [name, ...release] = ecosystem.split(':');
  if (release.length === 0 || /[?&]distro=/.test(purl)) return purl;
  const distro = encodeURIComponent(`${name}-${release.join(':')}`.toLowerCase());
  const [path, query] = purl.split('?');
  return `${path}?${query === undefined ? '' : `${query}&`}distro=${distro}`;
}

const purlOf = (ecosystem: string, name: string): string =>
  `pkg:${ecosystem.split(':')[0]!.toLowerCase()}/${encodeURIComponent(name)}`;

/** Events of one range in the order of their versions: each `introduced` reaches to the next `fixed` or `last_affected`. */
function rangesOf(range: Tree): string[] | Fault {
  const events = listOf(range.events);
  if (events.length > OSV_EVENTS) return { place: 'events', message: `more than ${OSV_EVENTS} events` };
  const found: string[] = [];
  let from: string | null = null;
  for (const [index, event] of events.map(treeOf).entries()) {
    const [kind, version] = eventOf(event);
    if (kind === null)
      return { place: `events/${index}`, message: 'expected introduced, fixed, last_affected or limit' };
    if (kind === 'introduced') from ??= version;
    else if (from !== null && kind !== 'limit') {
      found.push(spanOf(from, `${kind === 'fixed' ? '<' : '<='} ${version}`));
      from = null;
    }
  }
  if (from !== null) found.push(spanOf(from, ''));
  return found;
}

function eventOf(event: Tree): [string, string] | [null, null] {
  for (const kind of ['introduced', 'fixed', 'last_affected', 'limit']) {
    const version = textOf(event[kind]);
    if (version !== null) return [kind, version];
  }
  return [null, null];
}

/** `0` is the beginning of all versions. */
const spanOf = (from: string, end: string): string =>
  [...(from === '0' ? [] : [`>= ${from}`]), ...(end === '' ? [] : [end])].join(' ') || '*';
