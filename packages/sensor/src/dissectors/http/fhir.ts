import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import type { Leaf } from './json-scan.ts';
import { MAX_TEXT } from './limits.ts';

/** What a server says of itself in its capability statement (FHIR R4 §5.1). */
export function fhirServer(leaves: readonly Leaf[]): Facts['fhir.server'] {
  const text = (...path: string[]) => {
    const found = leaves.find(
      ({ keys }) => keys.length === path.length && path.every((key, i) => keys[i] === key),
    );
    return found === undefined ? undefined : factText(found.value, MAX_TEXT);
  };
  return present<Facts['fhir.server']>({
    software: text('software', 'name'),
    softwareVersion: text('software', 'version'),
    implementation: text('implementation', 'description'),
    publisher: text('publisher'),
    fhirVersion: text('fhirVersion'),
  });
}

/** Types of resources (FHIR R4 §2.1.20) that hold patients' data or devices; other names in a path may be anything. */
const resources: ReadonlySet<string> = new Set(
  (
    'Account AllergyIntolerance Appointment AuditEvent Binary Bundle CarePlan CareTeam ClinicalImpression Communication ' +
    'Composition Condition Consent Coverage Device DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport ' +
    'DocumentReference Encounter EpisodeOfCare FamilyMemberHistory Group ImagingStudy Immunization Location Media ' +
    'Medication MedicationAdministration MedicationDispense MedicationRequest MedicationStatement NutritionOrder ' +
    'Observation Organization Patient Person Practitioner PractitionerRole Procedure Provenance Questionnaire ' +
    'QuestionnaireResponse RelatedPerson RiskAssessment Schedule ServiceRequest Slot Specimen Subscription Task'
  ).split(' '),
);

const operations: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'update',
  DELETE: 'delete',
};

/** What a request does with which type of resource (FHIR R4 §3.1.0), or null where its path names none. */
export function fhirAccess(method: string, path: string): Facts['fhir.access'] | null {
  const parts = path.split('/');
  const at = parts.findIndex((part) => resources.has(part));
  const resource = parts[at];
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined;
  if (resource === undefined || operation === undefined) return null;
  const next = parts[at + 1] ?? '';
  const searches = next === '_search' || (operation === 'read' && next === '');
  return { resource, operation: searches ? 'search' : operation };
}
