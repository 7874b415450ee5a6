import { formatMicros } from '@wardline/model';
import type { Tree } from '../advisories/tree.ts';
import { licenseFault } from './license-expression.ts';
import type { Sbom, SbomComponent, SbomVulnerability } from './sbom.ts';

/** A document in another format, and what that one has no place for. */
export interface Converted {
  text: string;
  lost: readonly string[];
}

/** Writes what the component model holds as CycloneDX 1.6 (JSON), and names what could not be carried over. */
export function cycloneDxOf(sbom: Sbom): Converted {
  const lost: string[] = [];
  const nested = Map.groupBy(sbom.components, ({ parent }) => parent);
  const write = (one: SbomComponent): Tree => componentTree(one, nested, write, lost);
  const main = sbom.components.find(({ ref }) => ref === sbom.main);
  const top = (nested.get(null) ?? []).filter((one) => one !== main);
  const tree = given({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: sbom.id?.startsWith('urn:uuid:') === true ? sbom.id : undefined,
    version: /^[1-9]\d{0,8}$/.test(sbom.revision) ? Number(sbom.revision) : 1,
    metadata: given({
      timestamp: sbom.created === null ? undefined : formatMicros(sbom.created),
      component: main === undefined ? undefined : write(main),
      supplier: sbom.author === null ? undefined : { name: sbom.author },
    }),
    components: top.filter(({ type }) => type !== 'service').map(write),
    services: some(top.filter(({ type }) => type === 'service').map(serviceTree)),
    dependencies: some(dependencyTrees(sbom, lost)),
    vulnerabilities: some(sbom.vulnerabilities.map(vulnerabilityTree)),
  });
  return { text: `${JSON.stringify(tree, null, 2)}\n`, lost };
}

const given = (tree: Record<string, unknown>): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([, value]) => value !== undefined && value !== null));

const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

const types = new Set(
  `application framework library container platform operating-system device device-driver firmware file
  machine-learning-model data cryptographic-asset`.split(/\s+/),
);
const algorithms = /^(MD5|SHA-(1|256|384|512)|SHA3-(256|384|512)|BLAKE2b-(256|384|512)|BLAKE3)$/;

type Nested = ReadonlyMap<string | null, readonly SbomComponent[]>;

function componentTree(
  one: SbomComponent,
  nested: Nested,
  write: (one: SbomComponent) => Tree,
  lost: string[],
): Tree {
  const [cpe, ...more] = one.cpes;
  const hashes = one.hashes.filter(({ algorithm }) => algorithms.test(algorithm));
  for (const other of more) lost.push(`${one.ref}: a further CPE ${other}`);
  for (const { algorithm } of one.hashes)
    if (!algorithms.test(algorithm)) lost.push(`${one.ref}: a hash by ${algorithm}`);
  if (!types.has(one.type)) lost.push(`${one.ref}: the type ${one.type}`);
  return given({
    type: types.has(one.type) ? one.type : 'library',
    'bom-ref': one.ref,
    supplier: one.supplier === null ? undefined : { name: one.supplier },
    group: one.group,
    name: one.name,
    version: one.version,
    description: one.description,
    hashes: some(hashes.map(({ algorithm, value }) => ({ alg: algorithm, content: value }))),
    licenses: licenseTrees(one),
    cpe,
    purl: one.purl,
    swid: one.swid === null ? undefined : { tagId: one.swid, name: one.name },
    components: some((nested.get(one.ref) ?? []).map(write)),
  });
}

/** CycloneDX takes either one expression or a list of licences. */
function licenseTrees({ licenses }: SbomComponent): readonly Tree[] | undefined {
  const [only] = licenses;
  if (only === undefined) return undefined;
  if (licenses.length === 1 && licenseFault(only.expression) === null) return [given({ ...only })];
  return licenses.map(({ expression, acknowledgement }) => ({
    license: given({ name: expression, acknowledgement }),
  }));
}

const serviceTree = (one: SbomComponent): Tree =>
  given({
    'bom-ref': one.ref,
    provider: one.supplier === null ? undefined : { name: one.supplier },
    group: one.group,
    name: one.name,
    version: one.version,
    description: one.description,
  });

/** Which ends mean that the first needs the second. */
const needs = new Set(['depends-on', 'dynamic-link', 'static-link', 'has-prerequisite']);
const neededBy =
  /^(dependency-of|(build|dev|optional|provided|test|runtime)-dependency-of|prerequisite-for)$/;

function dependencyTrees({ components, relationships }: Sbom, lost: string[]): Tree[] {
  const refs = new Set(components.map(({ ref }) => ref));
  const found = new Map<string, { dependsOn: Set<string>; provides: Set<string> }>();
  const at = (ref: string) => {
    const known = found.get(ref) ?? { dependsOn: new Set<string>(), provides: new Set<string>() };
    found.set(ref, known);
    return known;
  };
  for (const { from, to, kind } of relationships) {
    if (!refs.has(from) || !refs.has(to)) continue;
    if (needs.has(kind)) at(from).dependsOn.add(to);
    else if (neededBy.test(kind)) at(to).dependsOn.add(from);
    else if (kind === 'provides') at(from).provides.add(to);
    else if (kind !== 'describes') lost.push(`${from} ${kind} ${to}`);
  }
  return [...found].map(([ref, { dependsOn, provides }]) =>
    given({ ref, dependsOn: some([...dependsOn]), provides: some([...provides]) }),
  );
}

const states: Readonly<Record<string, string>> = {
  fixed: 'resolved',
  affected: 'exploitable',
  'under-investigation': 'in_triage',
  'not-affected': 'not_affected',
};
const justifications: Readonly<Record<string, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'requires_environment',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};
const own = new Set(
  `code_not_present code_not_reachable requires_configuration requires_dependency requires_environment protected_by_compiler
  protected_at_runtime protected_at_perimeter protected_by_mitigating_control`.split(/\s+/),
);
const versionStates: Readonly<Record<string, string>> = {
  affected: 'affected',
  'not-affected': 'unaffected',
};

function vulnerabilityTree(one: SbomVulnerability): Tree {
  const stated = one.justification ?? '';
  return given({
    id: one.id,
    description: one.title,
    updated: one.at === null ? undefined : formatMicros(one.at),
    detail: one.status === null ? one.detail : undefined,
    analysis:
      one.status === null
        ? undefined
        : given({
            state: states[one.status],
            justification: own.has(stated) ? stated : justifications[stated],
            detail: one.detail,
          }),
    affects: some(
      one.affects.map(({ ref, versions }) =>
        given({
          ref,
          versions: some(
            versions.map(({ text, status }) => ({
              [text.startsWith('vers:') ? 'range' : 'version']: text,
              status: versionStates[status ?? ''] ?? 'unknown',
            })),
          ),
        }),
      ),
    ),
  });
}
