import { parseMicros } from '@wardline/model';
import type { ProductStatus } from '../advisories/advisory.ts';
import { listOf, type Tree, textOf, textsOf, treeOf, treesOf } from '../advisories/tree.ts';
import { SBOM_COMPONENTS, SBOM_RELATIONSHIPS } from '../limits.ts';
import type { SbomComponent, SbomLicense, SbomRelationship, SbomVulnerability, ViewReading } from './sbom.ts';
import { algorithmName, typeOfPurpose } from './spdx-words.ts';
import { spdx3Faults } from './spdx3-faults.ts';

/** Elements of a graph by their identity. */
type Graph = ReadonlyMap<string, Tree>;

/** Reads an SPDX 3.0 document in JSON-LD. */
export function viewSpdx3(tree: Tree): ViewReading {
  const context = textOf(tree['@context']) ?? '';
  if (!/^https:\/\/spdx\.(org|github\.io)\/.*3\.0(\.\d+)?\/.*\.jsonld$/.test(context))
    return refuseAt('/@context', 'expected the context of SPDX 3.0');
  const whole = tree['@graph'] === undefined;
  if (!whole && !Array.isArray(tree['@graph'])) return refuseAt('/@graph', 'expected a list');
  const elements = whole ? [tree] : listOf(tree['@graph']);
  const faults = spdx3Faults(elements, (index) => (whole ? '' : `/@graph/${index}`));
  if (faults.length > 0) return { ok: false, faults };
  return viewOf(elements.map(treeOf));
}

const refuseAt = (place: string, message: string): ViewReading => ({
  ok: false,
  faults: [{ place, message }],
});

function viewOf(elements: readonly Tree[]): ViewReading {
  const graph = new Map(elements.map((one) => [textOf(one.spdxId) ?? textOf(one['@id']) ?? '', one]));
  const ends = elements.filter((one) => typeOf(one).endsWith('Relationship'));
  const relationships = relationshipsOf(ends);
  const parts = elements.filter(isComponent);
  if (parts.length > SBOM_COMPONENTS)
    return refuseAt('/@graph', `more than ${SBOM_COMPONENTS} packages and files`);
  if (relationships.length > SBOM_RELATIONSHIPS)
    return refuseAt('/@graph', `more than ${SBOM_RELATIONSHIPS} relationships`);
  const licenses = licensesOf(graph, ends);
  const document = elements.find((one) => typeOf(one) === 'SpdxDocument') ?? {};
  const creation = creationOf(
    graph,
    document.creationInfo ?? elements.find((one) => one.creationInfo)?.creationInfo,
  );
  const main = mainOf(graph, document, relationships);
  const named = textOf(document.name) ?? textOf(graph.get(main ?? '')?.name);
  return {
    ok: true,
    view: {
      specVersion: textOf(creation.specVersion) ?? '3.0',
      id: textOf(document.spdxId),
      revision: textOf(creation.created) ?? '1',
      title: named ?? 'bill of materials',
      author: nameOf(graph, textsOf(creation.createdBy)[0]),
      created: parseMicros(textOf(creation.created) ?? ''),
      main,
      components: parts.map((one) => componentOf(graph, licenses, one)),
      relationships,
      vulnerabilities: vulnerabilitiesOf(graph, ends),
    },
  };
}

const typeOf = (one: Tree): string => textOf(one.type) ?? '';

const isComponent = (one: Tree): boolean =>
  /^(software_(Package|File)|ai_AIPackage|dataset_DatasetPackage)$/.test(typeOf(one));

const creationOf = (graph: Graph, value: unknown): Tree =>
  typeof value === 'string' ? (graph.get(value) ?? {}) : treeOf(value);

const nameOf = (graph: Graph, id: string | null | undefined): string | null =>
  id === null || id === undefined ? null : textOf(graph.get(id)?.name);

/** `dependsOn` is `depends-on`. */
const kindOf = (type: string): string => type.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const relationshipsOf = (ends: readonly Tree[]): SbomRelationship[] =>
  ends.flatMap((one) =>
    textsOf(one.to).map((to) => ({
      from: textOf(one.from) ?? '',
      to,
      kind: kindOf(textOf(one.relationshipType) ?? ''),
    })),
  );

function mainOf(graph: Graph, document: Tree, relationships: readonly SbomRelationship[]): string | null {
  let id = textsOf(document.rootElement)[0] ?? null;
  for (let step = 0; step < 4 && id !== null && !isComponent(graph.get(id) ?? {}); step += 1)
    id = textsOf(graph.get(id)?.rootElement)[0] ?? null;
  return (
    id ??
    relationships.find(({ kind, to }) => kind === 'describes' && isComponent(graph.get(to) ?? {}))?.to ??
    null
  );
}

function licensesOf(graph: Graph, ends: readonly Tree[]): Map<string, SbomLicense[]> {
  const found = new Map<string, SbomLicense[]>();
  for (const one of ends) {
    const acknowledgement = acknowledgements[textOf(one.relationshipType) ?? ''];
    if (acknowledgement === undefined) continue;
    const licenses = textsOf(one.to).flatMap((id) => {
      const named = graph.get(id) ?? {};
      const expression = textOf(named.simplelicensing_licenseExpression) ?? textOf(named.name);
      return expression === null || expression === 'NOASSERTION' ? [] : [{ expression, acknowledgement }];
    });
    const from = textOf(one.from) ?? '';
    found.set(from, [...(found.get(from) ?? []), ...licenses]);
  }
  return found;
}

const acknowledgements: Readonly<Record<string, 'declared' | 'concluded'>> = {
  hasDeclaredLicense: 'declared',
  hasConcludedLicense: 'concluded',
};

function componentOf(graph: Graph, licenses: ReadonlyMap<string, SbomLicense[]>, one: Tree): SbomComponent {
  const ref = textOf(one.spdxId) ?? '';
  const identifiers = treesOf(one.externalIdentifier);
  const identified = (...types: string[]) =>
    identifiers
      .filter((other) => types.includes(textOf(other.externalIdentifierType) ?? ''))
      .flatMap((other) => textOf(other.identifier) ?? []);
  return {
    ref,
    parent: null,
    type: componentType(one),
    supplier: nameOf(graph, textOf(one.suppliedBy)) ?? nameOf(graph, textsOf(one.originatedBy)[0]),
    group: null,
    name: textOf(one.name) ?? '',
    version: textOf(one.software_packageVersion),
    purl: textOf(one.software_packageUrl) ?? identified('packageUrl')[0] ?? null,
    cpes: identified('cpe23', 'cpe22'),
    swid: identified('swid')[0] ?? null,
    hashes: treesOf(one.verifiedUsing)
      .filter((sum) => sum.type === 'Hash')
      .map((sum) => ({
        algorithm: algorithmName(textOf(sum.algorithm) ?? ''),
        value: (textOf(sum.hashValue) ?? '').toLowerCase(),
      })),
    licenses: licenses.get(ref) ?? [],
    description: textOf(one.description) ?? textOf(one.summary),
  };
}

function componentType(one: Tree): string {
  if (typeOf(one) === 'software_File') return 'file';
  if (typeOf(one) === 'ai_AIPackage') return 'machine-learning-model';
  if (typeOf(one) === 'dataset_DatasetPackage') return 'data';
  return typeOfPurpose(textOf(one.software_primaryPurpose));
}

/** SPDX 3.0, profile security: an assessment relates a weakness to the elements that it is about. */
const assessments: Readonly<Record<string, ProductStatus>> = {
  security_VexAffectedVulnAssessmentRelationship: 'affected',
  security_VexFixedVulnAssessmentRelationship: 'fixed',
  security_VexNotAffectedVulnAssessmentRelationship: 'not-affected',
  security_VexUnderInvestigationVulnAssessmentRelationship: 'under-investigation',
};

function vulnerabilitiesOf(graph: Graph, ends: readonly Tree[]): SbomVulnerability[] {
  return ends.flatMap((one) => {
    const status = assessments[typeOf(one)];
    const weakness = graph.get(textOf(one.from) ?? '');
    if (status === undefined || weakness === undefined) return [];
    return [
      {
        id: weaknessId(weakness),
        title: textOf(weakness.summary) ?? textOf(weakness.description),
        status,
        justification: justificationOf(one.security_justificationType),
        detail:
          textOf(one.security_impactStatement) ??
          textOf(one.security_statusNotes) ??
          textOf(one.security_actionStatement),
        at: parseMicros(textOf(one.security_modifiedTime) ?? textOf(one.security_publishedTime) ?? ''),
        affects: textsOf(one.to).map((ref) => ({ ref, versions: [] })),
      },
    ];
  });
}

const weaknessId = (weakness: Tree): string =>
  treesOf(weakness.externalIdentifier)
    .map((one) => textOf(one.identifier))
    .find((id) => id !== null && /^(CVE|GHSA)-/.test(id)) ??
  textOf(weakness.name) ??
  textOf(weakness.spdxId) ??
  'weakness';

/** `vulnerableCodeNotPresent` is `vulnerable_code_not_present`. */
const justificationOf = (value: unknown): string | null =>
  textOf(value)?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) ?? null;
