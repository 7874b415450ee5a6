import type { PolicyAsset } from '../resolve.ts';
import { type Family, parseAddress } from '../space/addresses.ts';
import type { Configuration } from './configuration.ts';
import type { Finding } from './finding.ts';
import type { Interface } from './interfaces.ts';

export const isLifeCritical = ({ attributes }: PolicyAsset): boolean =>
  (attributes.criticality ?? []).includes('life-critical');

/** Hosts of one segment see each other without an enforcement point between; more of them than this are a flat network. */
const LARGE_SEGMENT_BITS = { 4: 10n, 6: 64n } as const;
/** Segments that are named one by one. */
const NAMED = 8;

/** Flat networks, lists that no interface has and lists that are nowhere. */
export function findingsOfSegments(configuration: Configuration, assets: readonly PolicyAsset[]): Finding[] {
  const { interfaces } = configuration;
  const up = interfaces.filter(({ isDown, networks }) => !isDown && networks.length > 0);
  return [
    ...openSegments(configuration, up),
    ...up.flatMap((one) => largeSegments(configuration, one)),
    ...up.flatMap((one) => mixedSegments(configuration, one, assets)),
    ...bindings(configuration),
  ];
}

function openSegments({ file, lists }: Configuration, up: readonly Interface[]): Finding[] {
  const open = up.filter(({ bound, networks }) => {
    const families = new Set(networks.map(({ family }) => family));
    return [...families].some(
      (family) => !bound.some((one) => one.family === family && isFiltering(lists, one)),
    );
  });
  if (open.length === 0) return [];
  const named = open
    .slice(0, NAMED)
    .map(({ name, networks }) => `${name} (${networks.map(({ text }) => text).join(', ')})`);
  const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
  const what =
    open.length === 1
      ? 'nothing filters what comes from or goes to'
      : `${open.length} segments reach each other without any list:`;
  return [
    {
      code: 'flat',
      severity: open.length > 1 ? 'high' : 'medium',
      file,
      line: open[0]!.line,
      message: `${what} ${named.join(', ')}${more}`,
    },
  ];
}

/** A list that is nowhere, or empty, lets everything through (IOS). */
function isFiltering(
  lists: Configuration['lists'],
  { list, family }: { list: string; family: Family },
): boolean {
  const found = lists.find(({ ruleset, families }) => ruleset.name === list && families.includes(family));
  return found !== undefined && (found.ruleset.lines.length > 0 || found.ruleset.otherwise === 'deny');
}

function largeSegments({ file }: Configuration, { name, networks, line }: Interface): Finding[] {
  return networks
    .filter(({ family, range }) => range.last - range.first >= 1n << LARGE_SEGMENT_BITS[family])
    .map(({ text, range }) => ({
      code: 'flat',
      severity: 'medium',
      file,
      line,
      message: `${name}: the segment ${text} has room for ${range.last - range.first + 1n} addresses, and no enforcement point stands between its hosts`,
    }));
}

/** Life-critical devices beside others: whoever holds one of these is beside the ventilator. */
function mixedSegments(
  { file }: Configuration,
  { name, networks, line }: Interface,
  assets: readonly PolicyAsset[],
): Finding[] {
  return networks.flatMap(({ family, range, text }) => {
    const inside = assets.filter(({ ips }) =>
      ips.some((ip) => {
        const address = parseAddress(ip);
        return address?.family === family && range.first <= address.value && address.value <= range.last;
      }),
    );
    const critical = inside.filter(isLifeCritical);
    const others = inside.filter((asset) => !isLifeCritical(asset));
    if (critical.length === 0 || others.length === 0) return [];
    const classes = [
      ...new Set(others.map(({ attributes }) => attributes.class?.[0] ?? 'unknown')),
    ].toSorted();
    return [
      {
        code: 'mixed-segment' as const,
        severity: 'high' as const,
        file,
        line,
        message: `${name}: ${critical.length} life-critical (${critical
          .slice(0, 3)
          .map((asset) => asset.name)
          .join(
            ', ',
          )}) share the segment ${text} with ${others.length} others (${classes.slice(0, 5).join(', ')})`,
      },
    ];
  });
}

function bindings({ file, kind, lists, faults, interfaces }: Configuration): Finding[] {
  if (kind !== 'cisco-ios' || interfaces.length === 0) return [];
  const bound = interfaces.flatMap((one) => one.bound.map((binding) => ({ ...binding, on: one.name })));
  const names = new Set(lists.map(({ ruleset }) => ruleset.name));
  // A list of an ASA is bound for both families by one line.
  const missing = bound.filter(
    ({ list, line, on }, index) =>
      !names.has(list) &&
      bound.findIndex((one) => one.list === list && one.line === line && one.on === on) === index,
  );
  const used = new Set(bound.flatMap(({ list, next }) => [list, ...(next === undefined ? [] : [next])]));
  return [
    ...missing.map(
      ({ list, on, line }): Finding => ({
        code: 'list-missing',
        severity: faults.length > 0 ? 'note' : 'high',
        file,
        line,
        message: `${on} names the list ${list}, which ${faults.length > 0 ? 'was not read' : 'is nowhere: everything passes'}`,
      }),
    ),
    ...lists
      .filter(({ ruleset }) => !used.has(ruleset.name) && ruleset.lines.length > 0)
      .map(
        ({ ruleset }): Finding => ({
          code: 'list-not-bound',
          severity: 'note',
          file,
          line: ruleset.lines[0]!.line,
          message: `no interface has the list ${ruleset.name}; it may serve something else (routes, management, translation)`,
        }),
      ),
  ];
}
