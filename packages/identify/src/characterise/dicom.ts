import type { Facts, Sighting, Strength } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll, textOf } from './claim-book.ts';
import { equipmentKey } from './named-machines.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** Modality (0008,0060), PS3.3 C.7.3.1.1.1 → class of the device that makes such objects. */
const MODALITY_CLASS: Readonly<Record<string, string>> = {
  CT: 'ct',
  MR: 'mr',
  CR: 'radiography',
  DX: 'radiography',
  RG: 'radiography',
  IO: 'radiography',
  PX: 'radiography',
  US: 'ultrasound',
  IVUS: 'ultrasound',
  XA: 'angiography',
  HD: 'angiography',
  RF: 'fluoroscopy',
  MG: 'mammography',
  NM: 'nuclear-medicine',
  ST: 'nuclear-medicine',
  PT: 'pet',
  ES: 'endoscopy',
  OP: 'ophthalmic-imaging',
  OPT: 'ophthalmic-imaging',
  OAM: 'ophthalmic-imaging',
  XC: 'imaging-modality',
  GM: 'imaging-modality',
  SM: 'imaging-modality',
  ECG: 'ecg',
  EPS: 'angiography',
  RTIMAGE: 'radiotherapy',
  RTRECORD: 'radiotherapy',
  RTPLAN: 'radiotherapy',
  RTDOSE: 'radiotherapy',
  RTSTRUCT: 'radiotherapy',
};
/** Objects that people or programs derive from images; whoever sends them need not be a modality. */
const DERIVED = new Set(['SR', 'KO', 'PR', 'SEG', 'REG', 'OT', 'SC', 'DOC', 'FID']);

const EQUIPMENT: readonly (readonly [
  keyof Facts['dicom.equipment'],
  'vendor' | 'model' | 'serial' | 'software',
])[] = [
  ['manufacturer', 'vendor'],
  ['model', 'model'],
  ['serial', 'serial'],
  ['softwareVersions', 'software'],
];

type Equipment = Sighting<'dicom.equipment'>;

/**
 * What the General Equipment module of the objects says of the sender, but only where the sender made them: an archive
 * that passes on the images of many devices is none of them.
 */
export function claimEquipment(subject: Subject): void {
  const all = sightingsOf(subject, 'dicom.equipment');
  if (all.length === 0) return;
  const made = all.filter((s) => s.facts.sentByCreator);
  if (machines(made) > 1 || (made.length === 0 && machines(all) > 1)) claimForwarder(subject, all);
  else for (const sighting of made) claimMaker(subject, sighting);
}

/** How many different machines the objects come from. */
function machines(sightings: readonly Equipment[]): number {
  return new Set(sightings.map(({ facts }) => equipmentKey(facts))).size;
}

function claimForwarder(subject: Subject, all: readonly Equipment[]): void {
  const reason = `It sends images that ${machines(all)} different machines have made, so it passes them on.`;
  const common = {
    attribute: 'class',
    source: 'dicom.equipment',
    group: 'dicom-forwarding',
    reason,
  } as const;
  subject.book.add({ ...common, value: 'pacs', strength: 'medium' }, groundOfAll(all));
}

function claimMaker(subject: Subject, sighting: Equipment): void {
  const { facts } = sighting;
  const ground = groundOf(sighting);
  for (const [fact, attribute] of EQUIPMENT) {
    const text = textOf(facts[fact]);
    if (text === null || (attribute === 'serial' && !usableSerial(text))) continue;
    const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(dicomVendor(text)) : text;
    const reason = `The images that it makes name the ${attribute} “${text}”.`;
    const statement = {
      attribute,
      value,
      source: `dicom.equipment/${fact}`,
      group: 'dicom-equipment',
      reason,
    };
    subject.book.add({ ...statement, strength: 'strong' }, ground);
  }
  claimPlace(subject, sighting);
  claimModality(subject, sighting);
}

/** In images, `SIEMENS` always is the maker of medical devices. */
function dicomVendor(text: string): string {
  return /^siemens$/i.test(text.trim()) ? 'Siemens Healthineers' : text;
}

function claimPlace(subject: Subject, sighting: Equipment): void {
  const { institution, department } = sighting.facts;
  const value = [department, institution].filter((part) => part?.trim()).join(', ');
  const reason = `The images that it makes name the place “${value}”.`;
  const common = {
    attribute: 'location',
    source: 'dicom.equipment/institution',
    group: 'dicom-equipment',
  } as const;
  subject.book.add({ ...common, value, strength: 'medium', reason }, groundOf(sighting));
}

function claimModality(subject: Subject, sighting: Equipment): void {
  const modality = sighting.facts.modality?.trim().toUpperCase() ?? '';
  const value = DERIVED.has(modality) ? 'imaging-workstation' : MODALITY_CLASS[modality];
  if (value === undefined) return;
  const strength = DERIVED.has(modality) ? 'weak' : 'strong';
  const reason = `It makes and sends DICOM objects of the modality ${modality}.`;
  subject.book.add(
    {
      attribute: 'class',
      value,
      source: 'dicom.equipment/modality',
      strength,
      group: 'dicom-equipment',
      reason,
    },
    groundOf(sighting),
  );
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
const STUDY_QUERIES = ['1.2.840.10008.5.1.4.1.2.1.', '1.2.840.10008.5.1.4.1.2.2.'];
const WORKLIST = '1.2.840.10008.5.1.4.31';
const STEP = '1.2.840.10008.3.1.2.3.';
const COMMITMENT = '1.2.840.10008.1.20.1';
const PRINT = '1.2.840.10008.5.1.1.';
/** Storage SOP classes (PS3.4 B.5) that only one kind of modality makes. */
const STORAGE_CLASS: readonly (readonly [string, string])[] = [
  ['1.2.840.10008.5.1.4.1.1.2', 'ct'],
  ['1.2.840.10008.5.1.4.1.1.4', 'mr'],
  ['1.2.840.10008.5.1.4.1.1.1.1', 'radiography'],
  ['1.2.840.10008.5.1.4.1.1.1.2', 'mammography'],
  ['1.2.840.10008.5.1.4.1.1.6', 'ultrasound'],
  ['1.2.840.10008.5.1.4.1.1.3.1', 'ultrasound'],
  ['1.2.840.10008.5.1.4.1.1.12.1', 'angiography'],
  ['1.2.840.10008.5.1.4.1.1.12.2', 'fluoroscopy'],
  ['1.2.840.10008.5.1.4.1.1.20', 'nuclear-medicine'],
  ['1.2.840.10008.5.1.4.1.1.128', 'pet'],
  ['1.2.840.10008.5.1.4.1.1.77.1.1', 'endoscopy'],
];

type Association = Sighting<'dicom.association'>;

/** What its DICOM associations show of its role; services offered count only where they were accepted. */
export function claimDicomRoles(subject: Subject): void {
  const all = sightingsOf(subject, 'dicom.association');
  const accepted = all.filter((s) => s.facts.role === 'acceptor' && s.facts.result === 'accepted');
  const requested = all.filter((s) => s.facts.role === 'requestor');
  const asks = uses(requested, ...STUDY_QUERIES).length > 0;
  claimServer(subject, accepted, asks);
  claimClient(subject, requested);
  if (uses(accepted, STORAGE).length === 0) claimStoredKinds(subject, uses(requested, STORAGE));
}

function uses(list: readonly Association[], ...prefixes: string[]): Association[] {
  return list.filter((s) =>
    s.facts.abstractSyntaxes.some((uid) => prefixes.some((prefix) => uid.startsWith(prefix))),
  );
}

function claimServer(subject: Subject, accepted: readonly Association[], asks: boolean): void {
  const storage = uses(accepted, STORAGE);
  const query = uses(accepted, ...STUDY_QUERIES);
  const worklist = uses(accepted, WORKLIST);
  const commitment = uses(accepted, COMMITMENT);
  if (storage.length > 0 && query.length > 0) {
    role(
      subject,
      [...storage, ...query],
      'pacs',
      'strong',
      'It accepts images and answers queries for studies.',
    );
  } else if (commitment.length > 0) {
    role(
      subject,
      commitment,
      'pacs',
      'strong',
      'It takes responsibility for keeping images (storage commitment).',
    );
  } else if (query.length > 0) {
    role(subject, query, 'pacs', 'medium', 'It answers queries for studies.');
  } else if (storage.length > 0 && asks) {
    const reason = 'It asks an archive for studies and takes in the images (PS3.4 C.4.2).';
    role(subject, storage, 'imaging-workstation', 'strong', reason);
  } else if (storage.length > 0) {
    const senders = new Set(storage.map((s) => s.facts.peerAeTitle)).size;
    const strength = senders > 1 ? 'medium' : 'weak';
    role(subject, storage, 'pacs', strength, 'It accepts images from other systems.');
    if (senders === 1)
      role(subject, storage, 'clinical-server', 'medium', 'It accepts images from another system.');
  }
  role(
    subject,
    worklist,
    'worklist-server',
    'strong',
    'It gives imaging equipment its worklist of patients.',
  );
  const print = uses(accepted, PRINT);
  role(subject, print, 'imaging-printer', 'medium', 'It accepts images for printing.');
}

function claimClient(subject: Subject, requested: readonly Association[]): void {
  const worklist = uses(requested, WORKLIST, STEP);
  const query = uses(requested, ...STUDY_QUERIES);
  role(
    subject,
    worklist,
    'imaging-modality',
    'medium',
    'It asks for the worklist of patients to be examined.',
  );
  role(subject, query, 'imaging-workstation', 'medium', 'It queries an archive for studies.');
}

/** A sender that takes in no images and offers one kind only is that kind of modality. */
function claimStoredKinds(subject: Subject, storing: readonly Association[]): void {
  if (storing.length === 0) return;
  const uids = new Set(
    storing.flatMap((s) => s.facts.abstractSyntaxes).filter((uid) => uid.startsWith(STORAGE)),
  );
  const kinds = new Set([...uids].map(kindOfStorage).filter((kind) => kind !== null));
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined && uids.size <= 6) {
    role(subject, storing, only, 'medium', 'All images that it offers to send are of this kind.');
  } else role(subject, storing, 'imaging-modality', 'weak', 'It sends images.');
}

function kindOfStorage(uid: string): string | null {
  return STORAGE_CLASS.find(([root]) => uid === root || uid.startsWith(`${root}.`))?.[1] ?? null;
}

function role(
  subject: Subject,
  grounds: readonly Association[],
  value: string,
  strength: Strength,
  reason: string,
): void {
  if (grounds.length === 0) return;
  subject.book.add(
    { attribute: 'class', value, source: 'dicom.association', strength, group: 'dicom-role', reason },
    groundOfAll(grounds),
  );
}
