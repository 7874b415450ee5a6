import { type Criticality, type Examined, formatMicros } from '@wardline/model';
import {
  contradictions,
  type Diagnostic,
  type Policy,
  type PolicyAsset,
  parsePolicy,
  printUse,
  type Resolved,
  resolvePolicy,
} from '@wardline/policy';

const EXAMPLES = 12;
const DIAGNOSTICS_TOLD = 200;
const order: readonly Criticality[] = ['life-critical', 'high', 'medium', 'unknown', 'low'];

/** What a text says of the assets as they are: its faults with their places, and who is in which zone. */
export function examined(
  text: string,
  assets: readonly PolicyAsset[],
  criticality: ReadonlyMap<string, Criticality>,
  now: number,
): Examined {
  const { policy, diagnostics } = parsePolicy(text);
  const resolved = policy && resolvePolicy(policy, assets, now);
  const faults = [
    ...diagnostics.map(diagnosticRow),
    ...(resolved === null ? [] : contradictions(resolved)).map(({ message }) => contradictionRow(message)),
  ];
  return {
    asOf: formatMicros(now),
    diagnostics: faults.slice(0, DIAGNOSTICS_TOLD),
    diagnosticsCut: faults.length > DIAGNOSTICS_TOLD,
    ...(policy === null || resolved === null
      ? nothing(assets)
      : meaningOf(policy, resolved, assets, criticality)),
  };
}

const diagnosticRow = ({ severity, message, place, suggestion }: Diagnostic) => ({
  severity,
  message,
  line: place.line,
  column: place.column,
  length: place.length,
  suggestion,
});

const contradictionRow = (message: string) => ({
  severity: 'error' as const,
  message,
  line: 0,
  column: 0,
  length: 0,
  suggestion: null,
});

type Meaning = Omit<Examined, 'asOf' | 'diagnostics' | 'diagnosticsCut'>;

const withAddress = (assets: readonly PolicyAsset[]) => assets.filter(({ ips }) => ips.length > 0);

const nothing = (assets: readonly PolicyAsset[]): Meaning => ({
  zones: [],
  conduits: [],
  musts: [],
  exceptions: [],
  undeclared: null,
  unzoned: withAddress(assets).length,
});

function meaningOf(
  policy: Policy,
  resolved: Resolved,
  assets: readonly PolicyAsset[],
  criticality: ReadonlyMap<string, Criticality>,
): Meaning {
  const zoned = new Set(resolved.zones.flatMap(({ members }) => members));
  const names = new Map(assets.map(({ id, name }) => [id, name]));
  const gradeOf = (id: string): Criticality => criticality.get(id) ?? 'unknown';
  const members = new Map(resolved.zones.map((zone) => [zone.name, zone.members]));
  return {
    zones: policy.zones.map(({ name, title, addresses, outside }) => {
      const ids = members.get(name) ?? [];
      return {
        name,
        title,
        assets: ids.length,
        lifeCritical: ids.filter((id) => gradeOf(id) === 'life-critical').length,
        examples: ids
          .toSorted((a, b) => order.indexOf(gradeOf(a)) - order.indexOf(gradeOf(b)))
          .slice(0, EXAMPLES)
          .map((id) => ({ id, name: names.get(id) ?? id, criticality: gradeOf(id) })),
        addresses: [...addresses, ...outside.map((prefix) => `outside ${prefix}`)],
      };
    }),
    conduits: policy.conduits.map(({ name, title, from, to, services, mode, because }) => ({
      name,
      title,
      from: [...from],
      to: [...to],
      services: services.map(printUse),
      mode,
      because,
    })),
    musts: policy.musts.map(({ title, verdict, from, to, services }) => ({
      title,
      verdict,
      from: [...from],
      to: [...to],
      services: services.map(printUse),
    })),
    exceptions: policy.exceptions.map(({ title, until }) => ({
      title,
      until,
      ended: resolved.ended.includes(title),
    })),
    undeclared: policy.undeclared,
    unzoned: withAddress(assets).filter(({ id }) => !zoned.has(id)).length,
  };
}
