import type { Leaf } from './json-scan.ts';
import { isPatientSearch, patientField, patientTag } from './names.ts';
import { type Pair, parsePairs, pathOf, queryOf } from './pairs.ts';

/** One value of a patient and the name it is reported by; never the name on the wire, which may be anything. */
export interface PatientValue {
  field: string;
  value: string;
}

/** In the path and query of a request. */
export function patientDataInTarget(target: string): PatientValue[] {
  const path = pathOf(target);
  const id = /\/Patient\/([A-Za-z0-9.-]{1,64})(\/|$)/.exec(path)?.[1];
  const found = id === undefined ? [] : [{ field: 'Patient.id', value: id }];
  const searchesPatients = /\/Patient(\/_search)?$/.test(path);
  return [...found, ...patientDataInPairs(parsePairs(queryOf(target)), 'query', searchesPatients)];
}

export function patientDataInPairs(
  pairs: readonly Pair[],
  place: 'query' | 'form',
  searchesPatients: boolean,
): PatientValue[] {
  return pairs.flatMap(({ name, value }) => {
    const field =
      patientField(name) ?? (searchesPatients && isPatientSearch(name) ? searchField(name) : null);
    return field === null || !/[^*? ]/.test(value) ? [] : [{ field: `${place} ${field}`, value }];
  });
}

function searchField(name: string): string {
  return `Patient.${name.split(':')[0] ?? ''}`;
}

/** Elements of FHIR's Patient, RelatedPerson and Person, with the members that hold their value (R4 §8.1). */
const elements: Readonly<Record<string, readonly string[]>> = {
  id: ['id'],
  name: ['text', 'family', 'given'],
  birthDate: ['birthDate'],
  gender: ['gender'],
  deceasedDateTime: ['deceasedDateTime'],
  identifier: ['value'],
  telecom: ['value'],
  address: ['text', 'line', 'city', 'postalCode'],
};

/** In a JSON body: FHIR resources, DICOM JSON, and members with a patient's names. */
export function patientDataInJson(leaves: readonly Leaf[]): PatientValue[] {
  return leaves.flatMap((leaf) => {
    const field = fieldOfResource(leaf) ?? fieldOfTag(leaf) ?? patientField(leaf.keys.at(-1) ?? '');
    return field === null || leaf.value === '' ? [] : [{ field, value: leaf.value }];
  });
}

function fieldOfResource({ keys, objects, depths }: Leaf): string | null {
  const at = objects.findLastIndex((object) => object.resourceType !== null);
  const type = objects[at]?.resourceType ?? '';
  const path = keys.slice(depths[at] ?? 0);
  const [element = ''] = path;
  const member = path.at(-1) ?? '';
  if (!/^(Patient|RelatedPerson|Person)$/.test(type))
    return fieldOfReference(at, element, member, path.length);
  return Object.hasOwn(elements, element) && elements[element]?.includes(member)
    ? `${type}.${element}`
    : null;
}

/** Other resources name their patient by a reference with a text for people (R4 §2.3). */
function fieldOfReference(at: number, element: string, member: string, depth: number): string | null {
  const names = at >= 0 && depth === 2 && (element === 'subject' || element === 'patient');
  return names && (member === 'display' || member === 'reference') ? `${element}.${member}` : null;
}

function fieldOfTag({ keys }: Leaf): string | null {
  const at = keys.findLastIndex((key) => patientTag(key) !== null);
  const isValue = at >= 0 && keys[at + 1] === 'Value';
  return isValue ? patientTag(keys[at] ?? '') : null;
}
