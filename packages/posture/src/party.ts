import { nounOf } from '@wardline/knowledge';
import type { Criticality, Harm } from '@wardline/model';

/** One side of a fact, as far as judgement needs to know it. */
export interface Party {
  /** The asset's id; null for an address that belongs to no asset. */
  id: string | null;
  name: string;
  /** The taxonomy's class and group; null where unknown. */
  class: string | null;
  classLabel: string | null;
  group: string | null;
  /** True for the groups that patients are cared for with. */
  clinical: boolean;
  criticality: Criticality;
}

/** A device at the patient or in diagnosis, as against the systems and networks behind it. */
export function isClinicalDevice(party: Party): boolean {
  return party.clinical && party.group !== 'clinical-it';
}

/** Groups that have no part in care. */
const groupsOutsideCare: ReadonlySet<string> = new Set(['it-endpoint', 'building', 'other']);
/** Classes of those groups that care regularly runs on. */
const careRunsOn: ReadonlySet<string> = new Set([
  'server',
  'database-server',
  'file-server',
  'hypervisor',
  'label-printer',
]);

/** Known to have no part in care; what is not identified is not known to. */
export function isOutsideCare(party: Party): boolean {
  return party.group !== null && groupsOutsideCare.has(party.group) && !careRunsOn.has(party.class ?? '');
}

/** True where control over it, or its loss, can reach a patient: life-critical devices, and what care stands on. */
export function canHarmPatients(party: Party): boolean {
  return party.criticality === 'life-critical' || (party.clinical && party.criticality === 'high');
}

/** The harm that findings add which give control over the gravest of the parties, or could stop or alter it. */
export function harmOfControl(...parties: readonly Party[]): Harm[] {
  return parties.some(canHarmPatients) ? ['patient'] : [];
}

/** What patients lose when this one fails or is misused, as a clause that goes on after the sentence that names it. */
export function meaningForCare(party: Party): string {
  return meaning(party).replaceAll('{}', `this ${noun(party)}`);
}

/** The same as a sentence of its own. */
export function meaningAsSentence(party: Party): string {
  const text = meaningForCare(party);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The class as it stands within a sentence. */
export function noun(party: Party): string {
  return nounOf(party.classLabel ?? 'device');
}

function meaning(party: Party): string {
  const own = byClass[party.class ?? ''] ?? byGroup[party.group ?? ''];
  if (own) return own;
  if (party.criticality === 'life-critical') return 'the failure of {} can harm a patient within minutes';
  if (party.class === null) return 'what depends on {} is not known';
  return 'care feels it through what depends on {}';
}

const byClass: Readonly<Record<string, string>> = {
  'infusion-pump': 'a misused pump can change or stop what a patient is being given',
  'infusion-server': 'a misused pump server can change the drug limits of every pump behind it',
  dialysis: 'misuse can disturb a treatment that a patient is connected to',
  radiotherapy: 'a changed plan or a stop harms or delays treatment',
  incubator: 'a newborn depends on what {} keeps steady',
  ventilator: 'a patient breathes by {}',
  'anaesthesia-machine': 'a patient under anaesthesia depends on {}',
  'patient-monitor': "the monitor's alarms could be silenced, delayed or forged",
  'central-station': 'the alarms of a whole ward could be silenced, delayed or forged',
  'telemetry-gateway': 'the vital signs of a ward pass through {}',
  defibrillator: '{} must work in the minute it is needed',
  'blood-gas': 'treatment in intensive care follows the results of {} within minutes',
  'lab-analyser': 'treatment follows the results of {}',
  pacs: 'images of every department could be read, changed or lost',
  'worklist-server': 'a changed worklist can lead to the examination of the wrong patient',
  lis: 'laboratory results of the whole hospital pass through {}',
  'interface-engine': 'orders and results of the whole hospital pass through {}',
  ehr: 'the record of every patient is at stake',
  'medication-cabinet': '{} decides which drug is handed out',
  'nurse-call': "a patient's call could stay unheard",
  'refrigerator-monitor': 'spoilt blood or drugs could go unnoticed',
  hvac: 'the air of operating and isolation rooms depends on it',
  camera: 'patients and staff may be in the pictures of {}',
  'ups-pdu': 'what is plugged in behind it could lose its power',
  'mqtt-broker': 'messages of all devices that use {} could be read, forged or held up',
  'dhcp-dns-server': 'every device that asks {} for an address or a name can be misled',
  'external-host': 'what is sent there has left the protection of the hospital',
  'iot-consumer': '{} can be the first step towards devices that patients depend on',
};

const byGroup: Readonly<Record<string, string>> = {
  'infusion-therapy': 'a treatment that a patient is connected to depends on {}',
  monitoring: 'vital signs or alarms from {} could be lost or forged',
  'ventilation-anaesthesia': "a patient's breathing depends on {}",
  imaging: 'examinations could stop, and images be read or changed',
  laboratory: 'treatment follows the results of {}',
  'point-of-care': 'decisions at the bedside follow the results of {}',
  'clinical-it': 'many wards work with {}',
  network: 'everything behind {} depends on it',
  building: 'rooms in which patients are treated depend on {}',
  'it-endpoint': '{} can be the first step towards devices that patients depend on',
};
