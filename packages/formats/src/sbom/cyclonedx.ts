import { parseMicros } from '@wardline/model';
import type { ProductStatus } from '../advisories/advisory.ts';
import { listOf, type Tree, textOf, textsOf, treeOf, treesOf } from '../advisories/tree.ts';
import { SBOM_COMPONENTS, SBOM_RELATIONSHIPS } from '../limits.ts';
import type {
  SbomAffected,
  SbomComponent,
  SbomLicense,
  SbomRelationship,
  SbomVulnerability,
  ViewReading,
} from './sbom.ts';

/** Reads what a checked CycloneDX document (in the shape of its JSON) tells of components and weaknesses. */
export function viewCycloneDx(tree: Tree): ViewReading {
  const metadata = treeOf(tree.metadata);
  const found: Found = { components: [], refs: new Set() };
  const main =
    metadata.component === undefined
      ? null
      : add(found, treeOf(metadata.component), null, '/metadata/component');
  addAll(found, tree.components, null, '/components');
  addServices(found, tree.services, '/services');
  if (found.components.length > SBOM_COMPONENTS)
    return refuseAt('/components', `more than ${SBOM_COMPONENTS} components`);
  const relationships = relationshipsOf(tree);
  if (relationships.length > SBOM_RELATIONSHIPS)
    return refuseAt('/dependencies', `more than ${SBOM_RELATIONSHIPS} relationships`);
  const described = treeOf(metadata.component);
  return {
    ok: true,
    view: {
      specVersion: textOf(tree.specVersion) ?? '',
      id: textOf(tree.serialNumber),
      revision: typeof tree.version === 'number' ? `${tree.version}` : (textOf(tree.version) ?? '1'),
      title:
        [textOf(described.name), textOf(described.version)].filter(Boolean).join(' ') || 'bill of materials',
      author: authorOf(metadata),
      created: parseMicros(textOf(metadata.timestamp) ?? ''),
      main,
      components: found.components,
      relationships,
      vulnerabilities: treesOf(tree.vulnerabilities).map(vulnerabilityOf),
    },
  };
}

const refuseAt = (place: string, message: string): ViewReading => ({
  ok: false,
  faults: [{ place, message }],
});

interface Found {
  components: SbomComponent[];
  refs: Set<string>;
}

const nameIn = (value: unknown): string | null => textOf(treeOf(value).name);

const authorOf = (metadata: Tree): string | null =>
  nameIn(metadata.supplier) ??
  nameIn(metadata.manufacturer) ??
  nameIn(metadata.manufacture) ??
  nameIn(listOf(metadata.authors)[0]) ??
  nameIn(treeOf(metadata.component).supplier);

function addAll(found: Found, value: unknown, parent: string | null, place: string): void {
  for (const [index, one] of treesOf(value).entries()) {
    if (found.components.length > SBOM_COMPONENTS) return;
    add(found, one, parent, `${place}/${index}`);
  }
}

/** A reference that another component has already names no component: its place does. */
function refOf(found: Found, stated: string | null, place: string): string {
  const ref = stated !== null && !found.refs.has(stated) ? stated : place;
  found.refs.add(ref);
  return ref;
}

function add(found: Found, one: Tree, parent: string | null, place: string): string {
  const ref = refOf(found, textOf(one['bom-ref']), place);
  const cpe = textOf(one.cpe);
  found.components.push({
    ref,
    parent,
    type: textOf(one.type) ?? 'library',
    supplier: nameIn(one.supplier) ?? nameIn(one.manufacturer) ?? textOf(one.publisher),
    group: textOf(one.group),
    name: textOf(one.name) ?? '',
    version: textOf(one.version),
    purl: textOf(one.purl),
    cpes: cpe === null ? [] : [cpe],
    swid: textOf(treeOf(one.swid).tagId),
    hashes: treesOf(one.hashes).map(({ alg, content }) => ({
      algorithm: textOf(alg) ?? '',
      value: (textOf(content) ?? '').toLowerCase(),
    })),
    licenses: treesOf(one.licenses).flatMap(licenseOf),
    description: textOf(one.description),
  });
  addAll(found, one.components, ref, `${place}/components`);
  return ref;
}

/** Services that the product calls are kept beside its components: a weakness may be theirs. */
function addServices(found: Found, value: unknown, place: string): void {
  for (const [index, one] of treesOf(value).entries()) {
    if (found.components.length > SBOM_COMPONENTS) return;
    const here = `${place}/${index}`;
    found.components.push({
      ...bare,
      ref: refOf(found, textOf(one['bom-ref']), here),
      supplier: nameIn(one.provider),
      group: textOf(one.group),
      name: textOf(one.name) ?? '',
      version: textOf(one.version),
      description: textOf(one.description),
    });
    addServices(found, one.services, `${here}/services`);
  }
}

const bare = { parent: null, type: 'service', purl: null, cpes: [], swid: null, hashes: [], licenses: [] };

function licenseOf(choice: Tree): SbomLicense[] {
  const license = treeOf(choice.license);
  const expression = textOf(choice.expression) ?? textOf(license.id) ?? textOf(license.name);
  const stated = textOf(choice.acknowledgement) ?? textOf(license.acknowledgement);
  const acknowledgement = stated === 'declared' || stated === 'concluded' ? stated : null;
  return expression === null ? [] : [{ expression, acknowledgement }];
}

function relationshipsOf(tree: Tree): SbomRelationship[] {
  return treesOf(tree.dependencies).flatMap((dependency) => {
    const from = textOf(dependency.ref) ?? '';
    return [
      ...textsOf(dependency.dependsOn).map((to) => ({ from, to, kind: 'depends-on' })),
      ...textsOf(dependency.provides).map((to) => ({ from, to, kind: 'provides' })),
    ];
  });
}

/** The words of CycloneDX's analysis in those that the formats share. */
const statuses: Readonly<Record<string, ProductStatus>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under-investigation',
  false_positive: 'not-affected',
  not_affected: 'not-affected',
};

const versionStatuses: Readonly<Record<string, ProductStatus>> = {
  affected: 'affected',
  unaffected: 'not-affected',
  unknown: 'under-investigation',
};

function vulnerabilityOf(one: Tree, index: number): SbomVulnerability {
  const analysis = treeOf(one.analysis);
  const times = [analysis.lastUpdated, analysis.firstIssued, one.updated, one.published, one.created];
  return {
    id: textOf(one.id) ?? `weakness ${index + 1}`,
    title: textOf(one.description),
    status: statuses[textOf(analysis.state) ?? ''] ?? null,
    justification: textOf(analysis.justification),
    detail: textOf(analysis.detail) ?? textOf(one.detail),
    at: times.map((time) => parseMicros(textOf(time) ?? '')).find((time) => time !== null) ?? null,
    affects: treesOf(one.affects).map(affectedOf),
  };
}

const affectedOf = (one: Tree): SbomAffected => ({
  ref: textOf(one.ref) ?? '',
  versions: treesOf(one.versions).flatMap((version) => {
    const text = textOf(version.version) ?? textOf(version.range);
    return text === null
      ? []
      : [{ text, status: versionStatuses[textOf(version.status) ?? 'affected'] ?? null }];
  }),
});
