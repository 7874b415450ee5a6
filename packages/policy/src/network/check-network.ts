import type { PolicyAsset } from '../resolve.ts';
import { type Configuration, type ConfigurationKind, readConfiguration } from './configuration.ts';
import { type Finding, severities } from './finding.ts';
import { findingsOfLists } from './lists.ts';
import { type Reach, reachOf } from './reach.ts';
import { findingsOfSegments } from './segments.ts';

/** Today's network, as its configurations say it. */
export interface NetworkCheck {
  files: { file: string; kind: ConfigurationKind | null; lists: number; lines: number; interfaces: number }[];
  /** The worst first. */
  findings: Finding[];
  /** What may open something to life-critical devices; the widest first. */
  reach: Reach[];
}

/**
 * Checks the configurations of a network: what cannot be read, what does nothing, what is open, what is flat, and, where
 * the assets are known, what reaches those that are life-critical.
 */
export function checkNetwork(
  files: readonly { name: string; text: string }[],
  assets: readonly PolicyAsset[],
): NetworkCheck {
  const read = files.map(({ name, text }) => ({ name, configuration: readConfiguration(name, text) }));
  const known = read.flatMap(({ configuration }) => (configuration === null ? [] : [configuration]));
  const findings = [
    ...read.flatMap(({ name, configuration }) => (configuration === null ? [unknownKind(name)] : [])),
    ...known.flatMap((configuration) => findingsOf(configuration, assets)),
  ];
  return {
    files: read.map(({ name, configuration }) => ({
      file: name,
      kind: configuration?.kind ?? null,
      ...countsOf(configuration),
    })),
    findings: findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)),
    reach: known
      .flatMap((configuration) => reachOf(configuration, assets))
      .toSorted((a, b) => (a.sources === b.sources ? 0 : a.sources > b.sources ? -1 : 1)),
  };
}

function countsOf(configuration: Configuration | null) {
  const lists = configuration?.lists ?? [];
  const lines = new Set(lists.flatMap(({ ruleset }) => ruleset.lines.map(({ line }) => line)));
  return { lists: lists.length, lines: lines.size, interfaces: configuration?.interfaces.length ?? 0 };
}

const unknownKind = (file: string): Finding => ({
  code: 'refused',
  severity: 'high',
  file,
  line: null,
  message:
    'is no configuration of Cisco IOS, nftables or Palo Alto Networks that is known here; nothing of it was checked',
});

function findingsOf(configuration: Configuration, assets: readonly PolicyAsset[]): Finding[] {
  const { file, faults, lists, kind } = configuration;
  const refused = faults.map(
    ({ line, message }): Finding => ({
      code: 'refused',
      severity: 'high',
      file,
      line,
      message: `could not be read: ${message}; its list is left out of the check`,
    }),
  );
  return [
    ...refused,
    ...defaultsOf(configuration),
    ...(lists.length === 0 && faults.length === 0 && kind !== 'cisco-ios' ? [nothing(file)] : []),
    ...findingsOfLists(configuration),
    ...findingsOfSegments(configuration, assets),
  ];
}

const nothing = (file: string): Finding => ({
  code: 'flat',
  severity: 'high',
  file,
  line: null,
  message: 'holds no list that filters what is forwarded: everything passes',
});

/** Lists that let through what no line holds. An empty list of IOS does so too, and is told where it is bound. */
function defaultsOf({ file, kind, lists }: Configuration): Finding[] {
  if (kind === 'cisco-ios') return [];
  const open = lists.filter(({ ruleset }) => ruleset.otherwise === 'permit' && !endsClosed(ruleset.lines));
  return open.map(
    ({ ruleset }): Finding => ({
      code: 'everything-open',
      severity: kind === 'palo-alto' ? 'low' : ruleset.name.endsWith(' forward') ? 'high' : 'medium',
      file,
      line: ruleset.lines.at(-1)?.line ?? null,
      message: `${ruleset.name}: what no line holds passes`,
    }),
  );
}

function endsClosed(lines: Configuration['lists'][number]['ruleset']['lines']): boolean {
  const last = lines.at(-1);
  return last?.action === 'deny' && last.boxes.some((box) => Object.keys(box).length === 0);
}
