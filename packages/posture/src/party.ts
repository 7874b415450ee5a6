import type { Criticality } from '@wardline/model';

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

/** What patients lose when this one fails or is misused: the second half of a finding's summary. */
export function meaningForCare(party: Party): string {
  const own = byClass[party.class ?? ''] ?? byGroup[party.group ?? ''];
  if (own) return own;
  if (party.criticality === 'life-critical') return 'its failure can harm a patient within minutes';
  if (party.class === null) return 'what depends on it is not known';
  return 'care feels it through the systems that depend on it';
}

const byClass: Readonly<Record<string, string>> = {
  'infusion-pump': 'whoever misuses it could change or stop what a patient is being given',
  'infusion-server': 'whoever misuses it could change the drug limits of every pump it serves',
  dialysis: 'whoever misuses it could disturb a treatment that a patient is connected to',
  radiotherapy: 'a changed plan or a stopped machine harms or delays treatment',
  incubator: 'a newborn depends on what it keeps steady',
  ventilator: 'a patient breathes by it',
  'anaesthesia-machine': 'a patient under anaesthesia depends on it',
  'patient-monitor': 'alarms of a patient could be silenced, delayed or forged',
  'central-station': 'alarms of a whole ward could be silenced, delayed or forged',
  'telemetry-gateway': 'vital signs of a ward pass through it',
  defibrillator: 'it must work in the minute it is needed',
  'blood-gas': 'treatment in intensive care follows its results within minutes',
  'lab-analyser': 'treatment follows its results',
  pacs: 'images of every department could be read, changed or lost',
  'interface-engine': 'orders and results of the whole hospital pass through it',
  ehr: 'the record of every patient is in it',
  'medication-cabinet': 'it decides which drug is handed out',
  'nurse-call': "a patient's call could stay unheard",
  'refrigerator-monitor': 'spoilt blood or drugs could go unnoticed',
  hvac: 'operating rooms and isolation rooms depend on its air',
};

const byGroup: Readonly<Record<string, string>> = {
  'infusion-therapy': 'a treatment that a patient is connected to depends on it',
  monitoring: 'vital signs or alarms of a patient could be lost or forged',
  'ventilation-anaesthesia': "a patient's breathing depends on it",
  imaging: 'examinations could stop, or images be read or changed',
  laboratory: 'treatment follows its results',
  'point-of-care': 'decisions at the bedside follow its results',
  'clinical-it': 'many wards work with it',
  network: 'everything behind it depends on it',
  building: 'rooms in which patients are treated depend on it',
  'it-endpoint': 'it can be the first step towards the devices that patients depend on',
};
