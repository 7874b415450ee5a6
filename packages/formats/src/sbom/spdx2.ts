import { parseMicros } from '@wardline/model';
import { listOf, type Tree, textOf, textsOf, treeOf, treesOf } from '../advisories/tree.ts';
import { SBOM_COMPONENTS, SBOM_RELATIONSHIPS } from '../limits.ts';
import type {
  SbomComponent,
  SbomHash,
  SbomLicense,
  SbomRelationship,
  SbomVulnerability,
  ViewReading,
} from './sbom.ts';
import { algorithmName, typeOfPurpose } from './spdx-words.ts';
import { type PlaceOf, spdx2Faults } from './spdx2-faults.ts';

/** Reads an SPDX 2.2 or 2.3 document in the shape of its JSON; `placeOf` tells where its elements stand. */
export function viewSpdx2(tree: Tree, placeOf: PlaceOf = (_element, pointer) => pointer): ViewReading {
  const many = treesOf(tree.packages).length + treesOf(tree.files).length;
  if (many > SBOM_COMPONENTS) return refuseAt('/packages', `more than ${SBOM_COMPONENTS} packages and files`);
  if (listOf(tree.relationships).length > SBOM_RELATIONSHIPS)
    return refuseAt('/relationships', `more than ${SBOM_RELATIONSHIPS} relationships`);
  const faults = spdx2Faults(tree, placeOf);
  if (faults.length > 0) return { ok: false, faults };
  const creation = treeOf(tree.creationInfo);
  const relationships = relationshipsOf(tree);
  return {
    ok: true,
    view: {
      specVersion: (textOf(tree.spdxVersion) ?? '').replace('SPDX-', ''),
      id: textOf(tree.documentNamespace),
      revision: textOf(creation.created) ?? '1',
      title: textOf(tree.name) ?? 'bill of materials',
      author: authorOf(textsOf(creation.creators)),
      created: parseMicros(textOf(creation.created) ?? ''),
      main: mainOf(tree, relationships),
      components: [...treesOf(tree.packages).map(packageOf), ...treesOf(tree.files).map(fileOf)],
      relationships,
      vulnerabilities: treesOf(tree.packages).flatMap(vulnerabilitiesOf),
    },
  };
}

const refuseAt = (place: string, message: string): ViewReading => ({
  ok: false,
  faults: [{ place, message }],
});

/** `Organization: Acme (mail@acme.example)` is Acme. */
const partyOf = (text: string | null): string | null =>
  text === null || text === 'NOASSERTION'
    ? null
    : text.replace(/^(Person|Organization|Tool):\s*/, '').replace(/\s*\([^()]*\)$/, '') || null;

const authorOf = (creators: readonly string[]): string | null =>
  partyOf(
    creators.find((one) => one.startsWith('Organization')) ??
      creators.find((one) => one.startsWith('Person')) ??
      null,
  );

const stated = (value: unknown): string | null => {
  const text = textOf(value);
  return text === 'NOASSERTION' || text === 'NONE' ? null : text;
};

/** SPDX 2.3 §7: a package. */
function packageOf(one: Tree): SbomComponent {
  const refs = treesOf(one.externalRefs);
  const located = (...types: string[]) =>
    refs
      .filter((ref) => types.includes(textOf(ref.referenceType) ?? ''))
      .flatMap((ref) => textOf(ref.referenceLocator) ?? []);
  return {
    ref: textOf(one.SPDXID) ?? '',
    parent: null,
    type: typeOfPurpose(textOf(one.primaryPackagePurpose)),
    supplier: partyOf(textOf(one.supplier)) ?? partyOf(textOf(one.originator)),
    group: null,
    name: textOf(one.name) ?? '',
    version: textOf(one.versionInfo),
    purl: located('purl')[0] ?? null,
    cpes: located('cpe23Type', 'cpe22Type'),
    swid: located('swid')[0] ?? null,
    hashes: treesOf(one.checksums).map(hashOf),
    licenses: licensesOf(one),
    description: stated(one.description) ?? stated(one.summary),
  };
}

const fileOf = (one: Tree): SbomComponent => ({
  ref: textOf(one.SPDXID) ?? '',
  parent: null,
  type: 'file',
  supplier: null,
  group: null,
  name: textOf(one.fileName) ?? '',
  version: null,
  purl: null,
  cpes: [],
  swid: null,
  hashes: treesOf(one.checksums).map(hashOf),
  licenses: licensesOf(one),
  description: stated(one.comment),
});

const hashOf = (one: Tree): SbomHash => ({
  algorithm: algorithmName(textOf(one.algorithm) ?? ''),
  value: (textOf(one.checksumValue) ?? '').toLowerCase(),
});

function licensesOf(one: Tree): SbomLicense[] {
  const [declared, concluded] = [stated(one.licenseDeclared), stated(one.licenseConcluded)];
  return [
    ...(declared === null ? [] : [{ expression: declared, acknowledgement: 'declared' as const }]),
    ...(concluded === null ? [] : [{ expression: concluded, acknowledgement: 'concluded' as const }]),
  ];
}

const kindOf = (type: string): string => type.toLowerCase().replaceAll('_', '-');

function relationshipsOf(tree: Tree): SbomRelationship[] {
  return treesOf(tree.relationships).map((one) => ({
    from: textOf(one.spdxElementId) ?? '',
    to: textOf(one.relatedSpdxElement) ?? '',
    kind: kindOf(textOf(one.relationshipType) ?? ''),
  }));
}

function mainOf(tree: Tree, relationships: readonly SbomRelationship[]): string | null {
  const described = relationships.find(
    ({ from, kind }) => kind === 'describes' && from === 'SPDXRef-DOCUMENT',
  )?.to;
  const reversed = relationships.find(
    ({ to, kind }) => kind === 'described-by' && to === 'SPDXRef-DOCUMENT',
  )?.from;
  return described ?? reversed ?? textsOf(tree.documentDescribes)[0] ?? null;
}

/** SPDX 2.3 annex K: a package may name advisories, fixes and statements of its weaknesses by their addresses. */
function vulnerabilitiesOf(one: Tree): SbomVulnerability[] {
  return treesOf(one.externalRefs).flatMap((ref) => {
    const type = textOf(ref.referenceType);
    const id = /CVE-\d{4}-\d{4,}/.exec(textOf(ref.referenceLocator) ?? '')?.[0];
    if (id === undefined || (type !== 'advisory' && type !== 'fix')) return [];
    const status = type === 'fix' ? ('fixed' as const) : null;
    const detail = textOf(ref.comment);
    const affects = [{ ref: textOf(one.SPDXID) ?? '', versions: [] }];
    return [{ id, title: null, status, justification: null, detail, at: null, affects }];
  });
}
