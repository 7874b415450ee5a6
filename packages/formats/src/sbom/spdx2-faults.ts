import { listOf, type Tree, textOf, treeOf } from '../advisories/tree.ts';
import { SBOM_FAULTS } from '../limits.ts';
import { licenseFault } from './license-expression.ts';
import type { SbomFault } from './sbom.ts';
import { spdxAlgorithms, spdxRelationships } from './spdx-words.ts';

/** Tells the place of an element: its JSON pointer, or the line where it was read from tags. */
export type PlaceOf = (element: object, pointer: string) => string;

interface Check {
  faults: SbomFault[];
  ids: Set<string>;
  placeOf: PlaceOf;
  since: '2.2' | '2.3';
}

/** What a document violates of SPDX 2.2 or 2.3: what must be there, what refers to nothing, and values that cannot be. */
export function spdx2Faults(tree: Tree, placeOf: PlaceOf): SbomFault[] {
  const since = tree.spdxVersion === 'SPDX-2.2' ? '2.2' : '2.3';
  const check: Check = { faults: [], ids: new Set(['SPDXRef-DOCUMENT']), placeOf, since };
  checkDocument(check, tree);
  each(check, tree.packages, '/packages', checkPackage);
  each(check, tree.files, '/files', checkFile);
  each(check, tree.snippets, '/snippets', (one, place) => checkId(check, one, place));
  each(check, tree.hasExtractedLicensingInfos, '/hasExtractedLicensingInfos', checkExtracted);
  each(check, tree.externalDocumentRefs, '/externalDocumentRefs', checkExternal);
  each(check, tree.relationships, '/relationships', checkRelationship);
  return check.faults.slice(0, SBOM_FAULTS);
}

type Visit = (one: Tree, place: string, check: Check) => void;

function each(check: Check, value: unknown, pointer: string, visit: Visit): void {
  if (value !== undefined && !Array.isArray(value)) fault(check, pointer, 'expected a list');
  for (const [index, one] of listOf(value).entries()) {
    if (check.faults.length >= SBOM_FAULTS) return;
    const place = check.placeOf(one as object, `${pointer}/${index}`);
    if (typeof one !== 'object' || one === null || Array.isArray(one))
      fault(check, place, 'expected an object');
    else visit(one as Tree, place, check);
  }
}

const fault = ({ faults }: Check, place: string, message: string): void =>
  void faults.push({ place, message });
const within = (place: string, key: string): string =>
  place.startsWith('line') ? `${place} (${key})` : `${place}/${key}`;

function need(check: Check, one: Tree, place: string, ...keys: string[]): void {
  for (const key of keys)
    if (typeof one[key] !== 'string' || one[key].trim() === '')
      fault(check, within(place, key), `expected ${key}`);
}

/** SPDX 2.3 §6. */
function checkDocument(check: Check, tree: Tree): void {
  need(check, tree, '', 'name');
  if (tree.dataLicense !== 'CC0-1.0') fault(check, '/dataLicense', 'expected CC0-1.0');
  if (tree.SPDXID !== 'SPDXRef-DOCUMENT') fault(check, '/SPDXID', 'expected SPDXRef-DOCUMENT');
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[^\s#]+$/.test(textOf(tree.documentNamespace) ?? ''))
    fault(check, '/documentNamespace', 'expected an absolute URI without a fragment');
  const creation = treeOf(tree.creationInfo);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(textOf(creation.created) ?? ''))
    fault(check, '/creationInfo/created', 'expected a time such as 2026-01-02T03:04:05Z');
  const creators = listOf(creation.creators);
  if (creators.length === 0) fault(check, '/creationInfo/creators', 'expected at least one creator');
  for (const [index, creator] of creators.entries())
    if (!/^(Person|Organization|Tool): ?\S/.test(String(creator)))
      fault(check, `/creationInfo/creators/${index}`, 'expected Person:, Organization: or Tool: and a name');
}

function checkId(check: Check, one: Tree, place: string): void {
  const id = one.SPDXID;
  if (typeof id !== 'string' || !/^SPDXRef-[A-Za-z0-9.+-]+$/.test(id))
    fault(check, within(place, 'SPDXID'), 'expected SPDXRef- with letters, digits, `.` and `-`');
  else if (check.ids.has(id)) fault(check, within(place, 'SPDXID'), `${id} names another element already`);
  else check.ids.add(id);
}

/** SPDX 2.3 §7; what 2.2 demands and 2.3 does not is not asked for: tools of both left it out. */
function checkPackage(one: Tree, place: string, check: Check): void {
  checkId(check, one, place);
  need(check, one, place, 'name', 'downloadLocation');
  checkSums(check, one, place);
  for (const key of ['licenseConcluded', 'licenseDeclared']) checkLicense(check, one, place, key);
  for (const key of ['supplier', 'originator']) {
    const value = textOf(one[key]);
    if (value !== null && value !== 'NOASSERTION' && !/^(Person|Organization): ?\S/.test(value))
      fault(check, within(place, key), 'expected Person: or Organization: and a name, or NOASSERTION');
  }
  for (const [index, ref] of listOf(one.externalRefs).map(treeOf).entries()) {
    const here = within(place, `externalRefs/${index}`);
    need(check, ref, here, 'referenceType', 'referenceLocator');
    if (!/^(SECURITY|PACKAGE[-_]MANAGER|PERSISTENT[-_]ID|OTHER)$/.test(textOf(ref.referenceCategory) ?? ''))
      fault(check, here, 'expected SECURITY, PACKAGE-MANAGER, PERSISTENT-ID or OTHER');
  }
}

/** SPDX 2.3 §8. */
function checkFile(one: Tree, place: string, check: Check): void {
  checkId(check, one, place);
  need(check, one, place, 'fileName');
  checkSums(check, one, place);
  if (!listOf(one.checksums).some((sum) => treeOf(sum).algorithm === 'SHA1'))
    fault(check, within(place, 'checksums'), 'expected a SHA1 of the file');
  checkLicense(check, one, place, 'licenseConcluded');
}

function checkSums(check: Check, one: Tree, place: string): void {
  for (const [index, sum] of listOf(one.checksums).map(treeOf).entries()) {
    const here = within(place, `checksums/${index}`);
    const [algorithm, value] = [textOf(sum.algorithm) ?? '', textOf(sum.checksumValue) ?? ''];
    const digits = spdxAlgorithms[algorithm];
    if (digits === undefined) fault(check, here, `unknown algorithm ${algorithm.slice(0, 40)}`);
    else if (!/^[0-9a-fA-F]+$/.test(value) || (digits !== null && value.length !== digits))
      fault(check, here, `${algorithm} has ${digits ?? 'only'} hexadecimal digits`);
  }
}

function checkLicense(check: Check, one: Tree, place: string, key: string): void {
  const expression = textOf(one[key]);
  const wrong = expression === null ? null : licenseFault(expression);
  if (wrong !== null) fault(check, within(place, key), `no licence expression: ${wrong}`);
}

/** SPDX 2.3 §10. */
function checkExtracted(one: Tree, place: string, check: Check): void {
  if (!/^LicenseRef-[A-Za-z0-9.+-]+$/.test(textOf(one.licenseId) ?? ''))
    fault(check, within(place, 'licenseId'), 'expected LicenseRef- with letters, digits, `.` and `-`');
  need(check, one, place, 'extractedText');
}

function checkExternal(one: Tree, place: string, check: Check): void {
  if (!/^DocumentRef-[A-Za-z0-9.+-]+$/.test(textOf(one.externalDocumentId) ?? ''))
    fault(
      check,
      within(place, 'externalDocumentId'),
      'expected DocumentRef- with letters, digits, `.` and `-`',
    );
  need(check, one, place, 'spdxDocument');
}

/** SPDX 2.3 §11. */
function checkRelationship(one: Tree, place: string, check: Check): void {
  if (!spdxRelationships.has(textOf(one.relationshipType) ?? ''))
    fault(check, within(place, 'relationshipType'), 'no relationship of SPDX');
  for (const key of ['spdxElementId', 'relatedSpdxElement']) {
    const id = textOf(one[key]) ?? '';
    const known = check.ids.has(id) || /^DocumentRef-[A-Za-z0-9.+-]+(:SPDXRef-.+)?$/.test(id);
    if (!known && !(key === 'relatedSpdxElement' && (id === 'NONE' || id === 'NOASSERTION')))
      fault(check, within(place, key), `${id.slice(0, 100) || 'nothing'} is no element of this document`);
  }
}
