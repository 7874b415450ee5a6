/** Names under which patient data travels in queries, forms and JSON, as they are reported. Compared without case and marks. */
const patientNames: readonly string[] = (
  'PatientName PatientID PatientBirthDate PatientSex PatientAddress PatientTelephoneNumbers ' +
  'OtherPatientIDs OtherPatientNames AccessionNumber ReferringPhysicianName AdmissionID ' +
  'PatientFirstName PatientLastName PatientAge PatientNumber PatientIdentifier Patient MRN SSN DOB ' +
  'DateOfBirth BirthDate MedicalRecordNumber SocialSecurityNumber NHSNumber HealthCardNumber ' +
  'InsuranceNumber VisitNumber CaseNumber'
).split(' ');

const byComparable = new Map(patientNames.map((name) => [comparable(name), name]));

/** Attribute tags of DICOM JSON and QIDO queries (PS3.18 annex F). */
const byTag: ReadonlyMap<string, string> = new Map([
  ['00080050', 'AccessionNumber'],
  ['00080090', 'ReferringPhysicianName'],
  ['00100010', 'PatientName'],
  ['00100020', 'PatientID'],
  ['00100030', 'PatientBirthDate'],
  ['00100040', 'PatientSex'],
  ['00101000', 'OtherPatientIDs'],
  ['00101001', 'OtherPatientNames'],
  ['00101040', 'PatientAddress'],
  ['00102154', 'PatientTelephoneNumbers'],
]);

/** Search parameters of FHIR's Patient (R4 §8.1.13) that hold a value of the patient. */
const patientSearch = new Set(
  '_id address birthdate email family given identifier name phone telecom'.split(' '),
);

/** The reported name of a field that holds patient data, or null. */
export function patientField(name: string): string | null {
  return byComparable.get(comparable(name)) ?? byTag.get(name.toUpperCase()) ?? null;
}

export function patientTag(name: string): string | null {
  return byTag.get(name.toUpperCase()) ?? null;
}

export function isPatientSearch(name: string): boolean {
  return patientSearch.has(name.split(':')[0] ?? '');
}

/** The qualified names of frameworks (`form[user][password]`, `ctl00$Password`) are taken by their last part. */
export function isPasswordName(name: string): boolean {
  return /^(j|login|user|admin|new|old|current|txt)?(password|passwd|passphrase|passcode|pass|pwd|psw|pw)\d?$/.test(
    comparable(lastPart(name)),
  );
}

export function isUserName(name: string): boolean {
  return /^(j|login|txt|auth)?(username|userid|user|login|loginname|uname|usr|account|email)$/.test(
    comparable(lastPart(name)),
  );
}

export function isTokenName(name: string): boolean {
  return /^(accesstoken|authtoken|idtoken|token|apikey|sessionid|sid|jwt|auth)$/.test(comparable(name));
}

/** Cookies that carry a session or a login. */
export function isSessionCookie(name: string): boolean {
  return /sess|sid$|token|auth|jwt|login|remember/i.test(name);
}

function lastPart(name: string): string {
  return (
    name
      .replace(/\]$/, '')
      .split(/[[\].$:]/)
      .at(-1) ?? ''
  );
}

function comparable(name: string): string {
  return name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
