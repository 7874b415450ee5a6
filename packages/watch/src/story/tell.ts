import type { Alert, AlertParty, Criticality, HazardKind, HazardousSituation } from '@wardline/model';
import { isOutside } from '../engine/address.ts';
import type { AlertRecord } from '../engine/alert-book.ts';
import type { Place } from '../engine/watch.ts';
import { tellings } from './tellings.ts';

/** What is known of a device beside its address. */
export interface DeviceFacts {
  asset: string | null;
  name: string;
  classLabel: string | null;
  criticality: Criticality;
  hazards: Readonly<Record<HazardKind, HazardousSituation>> | null;
}

/** What is known of devices by the names that the watch has for them. */
export interface Directory {
  facts(device: string): DeviceFacts | null;
  place(device: string): Place;
}

const gravest: readonly Criticality[] = ['life-critical', 'high', 'medium', 'unknown', 'low'];

/** An alert for people: devices by their names, and what it means for patients where a device of care is touched. */
export function tellAlert(record: AlertRecord, directory: Directory): Alert {
  const telling = tellings[record.detection];
  const actor = record.actor === null ? null : partyOf(record.actor, directory);
  const targets = record.targets.map((target) => partyOf(target, directory));
  return {
    id: record.id,
    detection: record.detection,
    title: record.title,
    severity: record.severity,
    confidence: record.confidence,
    harms: [...telling.harms],
    technique: telling.technique,
    actor,
    targets,
    targetCount: Math.max(record.targetCount, targets.length),
    service: record.service,
    summary: named(record.summary, actor, targets, record.targetCount),
    meaning: meaningOf(record, directory),
    advice: adviceOf(record),
    basis: record.basis,
    firstSeen: record.firstSeen,
    lastSeen: record.lastSeen,
    count: record.count,
    evidence: record.evidence,
    facts: record.facts,
  };
}

/** Whoever wrote a rule may say what to do. */
function adviceOf({ detection, facts }: AlertRecord): string {
  const said = detection === 'own-rule' ? facts.advice : undefined;
  return typeof said === 'string' ? said : tellings[detection].advice;
}

function partyOf(device: string, directory: Directory): AlertParty {
  const facts = directory.facts(device);
  const { mac, ip } = directory.place(device);
  return {
    key: device,
    asset: facts?.asset ?? null,
    name: facts?.name ?? device,
    mac,
    ip,
    classLabel: facts?.classLabel ?? null,
    criticality: facts?.criticality ?? 'unknown',
    outside: isOutside(ip),
  };
}

function named(
  text: string,
  actor: AlertParty | null,
  targets: readonly AlertParty[],
  count: number,
): string {
  const [first, second] = targets;
  const more = Math.max(count, targets.length) - 1;
  const target =
    first === undefined
      ? 'others'
      : second === undefined && more <= 0
        ? called(first)
        : more === 1 && second !== undefined
          ? `${called(first)} and ${called(second)}`
          : `${called(first)} and ${more} more`;
  const told = text
    .replaceAll('{actor}', actor === null ? 'somebody' : called(actor))
    .replaceAll('{target}', target);
  return `${told.charAt(0).toUpperCase()}${told.slice(1)}`;
}

function called({ name, ip, mac }: AlertParty): string {
  const address = ip ?? mac;
  return address === null || name === address || name.includes(address) ? name : `${name} (${address})`;
}

/** The hazard of the gravest device that is touched: of the targets, else of whoever does it where that is a device of care. */
function meaningOf(record: AlertRecord, directory: Directory): string {
  const { hazard, meaning } = tellings[record.detection];
  const touched = [...record.targets, ...(record.actor === null ? [] : [record.actor])];
  const known = touched
    .map((device) => ({ device, facts: directory.facts(device) }))
    .filter(({ facts }) => facts?.hazards !== null && facts !== null)
    .toSorted((a, b) => gravest.indexOf(a.facts!.criticality) - gravest.indexOf(b.facts!.criticality));
  const [grave] = known;
  if (grave === undefined || hazard === null) return meaning;
  const { situation, harm } = grave.facts!.hazards![hazard];
  const { name, classLabel } = grave.facts!;
  return `${meaning} For ${name}${classLabel === null ? '' : ` (${classLabel})`} the worst is that ${situation}; then ${harm}.`;
}
