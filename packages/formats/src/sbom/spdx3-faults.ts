import { type Tree, textOf } from '../advisories/tree.ts';
import { SBOM_FAULTS } from '../limits.ts';
import type { SbomFault } from './sbom.ts';

/**
 * What a graph violates of SPDX 3.0: types, identities, who created each element and when, and the two ends of relationships. An
 * identity may stand twice: in JSON-LD both are one element.
 */
export function spdx3Faults(elements: readonly unknown[], placeOf: (index: number) => string): SbomFault[] {
  const faults: SbomFault[] = [];
  const creations = new Set<string>();
  for (const one of elements) {
    const id = (one as Tree | null)?.['@id'];
    if ((one as Tree | null)?.type === 'CreationInfo' && typeof id === 'string') creations.add(id);
  }
  for (const [index, one] of elements.entries()) {
    const fault = (key: string, message: string) =>
      faults.push({ place: `${placeOf(index)}${key}`, message });
    if (typeof one !== 'object' || one === null || Array.isArray(one)) fault('', 'expected an object');
    else check(one as Tree, fault, creations);
    if (faults.length >= SBOM_FAULTS) break;
  }
  return faults.slice(0, SBOM_FAULTS);
}

type Fault = (key: string, message: string) => unknown;

function check(one: Tree, fault: Fault, creations: ReadonlySet<string>): void {
  const type = textOf(one.type);
  if (type === null || !/^([a-z]+_)?[A-Z][A-Za-z]+$/.test(type)) fault('/type', 'expected a class of SPDX 3');
  else if (type === 'CreationInfo') checkCreation(one, fault);
  else checkElement(one, type, fault, creations);
}

function checkElement(one: Tree, type: string, fault: Fault, creations: ReadonlySet<string>): void {
  if (one.spdxId === undefined && textOf(one['@id'])?.startsWith('_:') === true) return;
  const id = textOf(one.spdxId);
  if (id === null || !/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(id)) fault('/spdxId', 'expected an absolute IRI');
  checkCreator(one.creationInfo, fault, creations);
  if (type.endsWith('Relationship')) checkEnds(one, fault);
  if (type === 'software_Package' || type === 'software_File') {
    if (textOf(one.name) === null) fault('/name', 'expected the name');
    for (const [index, sum] of hashesOf(one).entries())
      if (!/^[0-9a-fA-F]+$/.test(textOf(sum.hashValue) ?? '') && sum.type === 'Hash')
        fault(`/verifiedUsing/${index}/hashValue`, 'expected hexadecimal digits');
  }
}

const hashesOf = (one: Tree): Tree[] =>
  Array.isArray(one.verifiedUsing) ? (one.verifiedUsing as Tree[]) : [];

function checkCreation(one: Tree, fault: Fault): void {
  if (!/^3\.0(\.\d+)?$/.test(textOf(one.specVersion) ?? '')) fault('/specVersion', 'expected 3.0.1');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(textOf(one.created) ?? ''))
    fault('/created', 'expected a time such as 2026-01-02T03:04:05Z');
  if (!Array.isArray(one.createdBy) || one.createdBy.length === 0)
    fault('/createdBy', 'expected who created it');
}

function checkCreator(value: unknown, fault: Fault, creations: ReadonlySet<string>): void {
  if (typeof value === 'string') {
    if (!creations.has(value) && value.startsWith('_:')) fault('/creationInfo', 'there is no such creation');
  } else if (typeof value === 'object' && value !== null)
    checkCreation(value as Tree, (key, message) => fault(`/creationInfo${key}`, message));
  else fault('/creationInfo', 'expected who created it and when');
}

function checkEnds(one: Tree, fault: Fault): void {
  if (textOf(one.from) === null) fault('/from', 'expected an element');
  if (!Array.isArray(one.to) || one.to.length === 0) fault('/to', 'expected at least one element');
  if (!/^[a-z][A-Za-z]+$/.test(textOf(one.relationshipType) ?? ''))
    fault('/relationshipType', 'no relationship of SPDX');
}
