import type { Knowledge } from '@wardline/knowledge';
import { type Assessment, criticalities, type Severity, severities } from '@wardline/model';
import { counted, integer } from '../terminal/units.ts';

export type AssessedAsset = Assessment['assets'][number];
export type AssessedFinding = Assessment['findings'][number];
export type Reconciled = NonNullable<Assessment['reconciliation']>[number];

/** What both reports say, worked out once. */
export interface Digest {
  headline: string;
  /** Asset groups with their classes, life-critical ones first. */
  groups: GroupLine[];
  urgent: UrgentLine[];
  severities: Record<Severity, number>;
  register: RegisterDigest | null;
  losses: string[];
  nextSteps: string[];
  /** Most critical first, then by class and name. */
  assets: AssessedAsset[];
  name: (asset: string | null) => string;
  classLabel: (asset: AssessedAsset) => string;
  findingsOf: (asset: string) => AssessedFinding[];
}

export interface GroupLine {
  label: string;
  count: number;
  lifeCritical: number;
  /** "3 infusion pumps, 1 dialysis machine". */
  kinds: string;
}

/** One rule with its worst finding; the same on other devices is only counted. */
export interface UrgentLine {
  finding: AssessedFinding;
  assetName: string;
  /** Names of the other assets with the same rule. */
  also: string[];
}

export interface RegisterDigest {
  matched: number;
  shadow: Reconciled[];
  missing: Reconciled[];
  conflicting: Reconciled[];
}

const URGENT = 10;

export function digest(assessment: Assessment, knowledge: Knowledge): Digest {
  const byId = new Map(assessment.assets.map((asset) => [asset.id, asset]));
  const name = (id: string | null) => byId.get(id ?? '')?.name ?? id ?? 'unknown';
  const findings = Map.groupBy(assessment.findings, (finding) => finding.asset);
  const classLabel = (asset: AssessedAsset) =>
    asset.class === null ? 'Unidentified' : knowledge.taxonomy.label(asset.class);
  const register = registerDigest(assessment);
  const partial = {
    groups: groupLines(assessment.assets, knowledge),
    urgent: urgentLines(assessment.findings, byId, knowledge),
    severities: countSeverities(assessment.findings),
    register,
    losses: lossLines(assessment),
    assets: assessment.assets.toSorted(mostCriticalFirst),
    name,
    classLabel,
    findingsOf: (id: string) => findings.get(id) ?? [],
  };
  return { headline: headline(assessment, partial), nextSteps: nextSteps(assessment, partial), ...partial };
}

function mostCriticalFirst(a: AssessedAsset, b: AssessedAsset): number {
  const external = (asset: AssessedAsset) => (asset.class === 'external-host' ? 1 : 0);
  return (
    external(a) - external(b) ||
    criticalities.indexOf(a.criticality) - criticalities.indexOf(b.criticality) ||
    (a.class ?? '~').localeCompare(b.class ?? '~', 'en') ||
    a.name.localeCompare(b.name, 'en', { numeric: true })
  );
}

/** Hosts outside are met, not owned; they are counted apart. */
export function isOwn(asset: AssessedAsset): boolean {
  return asset.class !== 'external-host';
}

function headline(assessment: Assessment, { severities: by }: Pick<Digest, 'severities'>): string {
  const own = assessment.assets.filter(isOwn);
  if (own.length === 0) return 'No device was seen.';
  const life = own.filter((asset) => asset.criticality === 'life-critical').length;
  const unknown = own.filter((asset) => asset.class === null || asset.class === 'unknown').length;
  const found = `${counted(own.length, 'device')} ${own.length === 1 ? 'was' : 'were'} seen, ${life === 0 ? 'none of them known to be' : `${integer(life)} of them`} life-critical`;
  const what = unknown > 0 ? ` and ${integer(unknown)} not identified` : '';
  const urgent = by.critical + by.high;
  if (urgent === 0) return `${found}${what}. Nothing urgent was found in what was recorded.`;
  return `${found}${what}. ${counted(urgent, 'finding needs', 'findings need')} attention soon${by.critical > 0 ? `, ${integer(by.critical)} of them at once` : ''}.`;
}

function groupLines(assets: readonly AssessedAsset[], knowledge: Knowledge): GroupLine[] {
  const groups = Map.groupBy(assets, (asset) => knowledge.taxonomy.groupOf(asset.class)?.id ?? 'other');
  return [...groups]
    .map(([id, members]) => ({
      label: knowledge.taxonomy.groups.get(id)?.label ?? id,
      count: members.length,
      lifeCritical: members.filter((asset) => asset.criticality === 'life-critical').length,
      kinds: kindsOf(members, knowledge),
    }))
    .toSorted(
      (a, b) => b.lifeCritical - a.lifeCritical || b.count - a.count || a.label.localeCompare(b.label, 'en'),
    );
}

function kindsOf(members: readonly AssessedAsset[], knowledge: Knowledge): string {
  const kinds = Map.groupBy(members, (asset) =>
    asset.class === null ? 'Unidentified' : knowledge.taxonomy.label(asset.class),
  );
  return [...kinds]
    .toSorted(([a, x], [b, y]) => y.length - x.length || a.localeCompare(b, 'en'))
    .map(([label, list]) => `${integer(list.length)}\u00a0×\u00a0${label}`)
    .join(', ');
}

function urgentLines(
  findings: readonly AssessedFinding[],
  byId: ReadonlyMap<string, AssessedAsset>,
  knowledge: Knowledge,
): UrgentLine[] {
  const gravity = (finding: AssessedFinding) =>
    severities.indexOf(knowledge.findingRules.get(finding.rule)?.severity ?? 'info');
  const weight = (finding: AssessedFinding) =>
    severities.indexOf(finding.severity) * 10 +
    criticalities.indexOf(byId.get(finding.asset)?.criticality ?? 'unknown');
  const name = (finding: AssessedFinding) => byId.get(finding.asset)?.name ?? finding.asset;
  const rules = Map.groupBy(findings, (finding) => finding.rule);
  return [...rules.values()]
    .map((list) =>
      list.toSorted((a, b) => weight(a) - weight(b) || b.count - a.count || (a.id < b.id ? -1 : 1)),
    )
    .map((list) => {
      const finding = list[0]!;
      const names = new Set(list.filter((other) => other.asset !== finding.asset).map(name));
      return { finding, assetName: name(finding), also: [...names] };
    })
    .toSorted(
      (a, b) =>
        weight(a.finding) - weight(b.finding) ||
        gravity(a.finding) - gravity(b.finding) ||
        b.also.length - a.also.length ||
        (a.finding.rule < b.finding.rule ? -1 : 1),
    )
    .slice(0, URGENT);
}

function countSeverities(findings: readonly AssessedFinding[]): Record<Severity, number> {
  const counts = Object.fromEntries(severities.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

function registerDigest(assessment: Assessment): RegisterDigest | null {
  if (!assessment.reconciliation) return null;
  const of = (state: Reconciled['state']) =>
    assessment.reconciliation?.filter((line) => line.state === state) ?? [];
  return {
    matched: of('matched').length,
    shadow: of('shadow'),
    missing: of('missing'),
    conflicting: of('conflicting'),
  };
}

/** Everything that was not read, by cause. */
function lossLines(assessment: Assessment): string[] {
  const { dropped, evicted } = assessment.statistics;
  const causes = (counts: Record<string, number>) =>
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .toSorted(([, a], [, b]) => b - a)
      .map(([cause, count]) => `${integer(count)} × ${cause}`);
  const lines = [];
  if (causes(dropped).length > 0) lines.push(`Not understood or incomplete: ${causes(dropped).join(', ')}.`);
  if (causes(evicted).length > 0)
    lines.push(`Given up to stay within memory: ${causes(evicted).join(', ')}.`);
  return lines;
}

function nextSteps(
  assessment: Assessment,
  { severities: by, register }: Pick<Digest, 'severities' | 'register'>,
): string[] {
  const steps: string[] = [];
  const own = assessment.assets.filter(isOwn);
  const unknown = own.filter((asset) => asset.class === null || asset.class === 'unknown').length;
  if (by.critical > 0)
    steps.push(
      'Take the findings marked CRITICAL to biomedical engineering today; change nothing on a device in use.',
    );
  if (unknown > 0)
    steps.push(
      `Find and name the ${counted(unknown, 'unidentified device')}; a longer recording, or one at their switch, tells more.`,
    );
  if (!register)
    steps.push(
      'Compare with your register: add --register register.csv, and see which devices nobody knows.',
    );
  else if (register.shadow.length > 0)
    steps.push(`Enter or remove the ${counted(register.shadow.length, 'device')} that no register knows.`);
  if (assessment.errors.length > 0)
    steps.push('Record the damaged captures again; what they lost may hide devices.');
  steps.push('Keep the inventory living: run "wardline start" and feed it with "wardline sense".');
  return steps;
}
