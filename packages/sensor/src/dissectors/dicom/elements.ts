import type { Facts } from '@wardline/model';

/** Elements that name patients, and the people who treat them, with their keywords (PS3.6). */
export const phiElements: ReadonlyMap<number, string> = new Map([
  [0x00080050, 'AccessionNumber'],
  [0x00080090, 'ReferringPhysicianName'],
  [0x00080092, 'ReferringPhysicianAddress'],
  [0x00080094, 'ReferringPhysicianTelephoneNumbers'],
  [0x00081048, 'PhysiciansOfRecord'],
  [0x00081050, 'PerformingPhysicianName'],
  [0x00081060, 'NameOfPhysiciansReadingStudy'],
  [0x00081070, 'OperatorsName'],
  [0x00100010, 'PatientName'],
  [0x00100020, 'PatientID'],
  [0x00100030, 'PatientBirthDate'],
  [0x00100032, 'PatientBirthTime'],
  [0x00100040, 'PatientSex'],
  [0x00101000, 'OtherPatientIDs'],
  [0x00101001, 'OtherPatientNames'],
  [0x00101005, 'PatientBirthName'],
  [0x00101010, 'PatientAge'],
  [0x00101020, 'PatientSize'],
  [0x00101030, 'PatientWeight'],
  [0x00101040, 'PatientAddress'],
  [0x00101050, 'InsurancePlanIdentification'],
  [0x00101060, 'PatientMotherBirthName'],
  [0x00101080, 'MilitaryRank'],
  [0x00101090, 'MedicalRecordLocator'],
  [0x00102000, 'MedicalAlerts'],
  [0x00102110, 'Allergies'],
  [0x00102154, 'PatientTelephoneNumbers'],
  [0x00102155, 'PatientTelecomInformation'],
  [0x00102160, 'EthnicGroup'],
  [0x00102180, 'Occupation'],
  [0x001021b0, 'AdditionalPatientHistory'],
  [0x001021f0, 'PatientReligiousPreference'],
  [0x00102297, 'ResponsiblePerson'],
  [0x00104000, 'PatientComments'],
  [0x00200010, 'StudyID'],
  [0x00321032, 'RequestingPhysician'],
  [0x00380010, 'AdmissionID'],
  [0x00380300, 'CurrentPatientLocation'],
  [0x00380400, 'PatientInstitutionResidence'],
  [0x0040a123, 'PersonName'],
]);

type EquipmentFact = Exclude<keyof Facts['dicom.equipment'], 'sentByCreator'>;

/** The General Equipment module (PS3.3 C.7.5.1), modality and SOP class of a composite object. */
export const equipmentElements: ReadonlyMap<number, EquipmentFact> = new Map<number, EquipmentFact>([
  [0x00080016, 'sopClass'],
  [0x00080060, 'modality'],
  [0x00080070, 'manufacturer'],
  [0x00080080, 'institution'],
  [0x00081010, 'stationName'],
  [0x00081040, 'department'],
  [0x00081090, 'model'],
  [0x00181000, 'serial'],
  [0x00181002, 'deviceUid'],
  [0x00181020, 'softwareVersions'],
]);

/** Of a performed procedure step (PS3.3 C.4.14), which the modality itself creates. */
export const procedureStepElements: ReadonlyMap<number, EquipmentFact> = new Map<number, EquipmentFact>([
  [0x00080060, 'modality'],
  [0x00400242, 'stationName'],
]);

/** Original Attributes Sequence (PS3.3 C.12.1): somebody behind the creator has changed the object. */
export const ORIGINAL_ATTRIBUTES = 0x04000561;
/** Retrieve AE Title: an archive says where it keeps the object. */
export const RETRIEVE_AE_TITLE = 0x00080054;

/** The branch of all query and retrieve SOP classes (PS3.4 annex C). */
export const QUERY_RETRIEVE = '1.2.840.10008.5.1.4.1.2.';
export const PERFORMED_PROCEDURE_STEP = '1.2.840.10008.3.1.2.3.3';
