import { nounOf, withArticle } from '@wardline/knowledge';
import type { Facts, Sighting, Strength } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll, textOf } from './claim-book.ts';
import { deviceKey, isOnlyNamed } from './named-machines.ts';
import { type Subject, sightingsOf } from './subject.ts';

type Speaker = Sighting<'hl7.endpoint'>;

/** From so many different senders on, a receiver or speaker is a hub. */
const HUB_APPLICATIONS = 3;

/** What it sends and receives in HL7 v2 shows its role (HL7 v2.5.1 chapters 3, 4, 7). */
export function claimHl7Roles(subject: Subject): void {
  const all = sightingsOf(subject, 'hl7.endpoint').filter(isNoAnswer);
  const sent = all.filter((s) => s.facts.role === 'sender');
  const received = all.filter((s) => s.facts.role === 'receiver');
  claimHub(subject, sent, received);
  const sends = (...types: string[]) =>
    sent.filter((s) => s.facts.messageTypes.some((type) => types.some((prefix) => type.startsWith(prefix))));
  role(subject, sends('ADT'), 'ehr', 'medium', 'It announces patients’ admissions and moves (ADT).');
  role(subject, sends('RDE', 'RDS'), 'pharmacy-system', 'weak', 'It sends medication orders.');
  role(subject, sends('ORM', 'OMG', 'OML', 'OMI', 'SIU'), 'ehr', 'weak', 'It places orders or appointments.');
  role(
    subject,
    sends('ORU^R40', 'ORU^R42'),
    'telemetry-gateway',
    'medium',
    'It sends alarms of devices (ORU^R40).',
  );
  role(subject, sends('OUL', 'ORL'), 'lis', 'medium', 'It sends laboratory results.');
  role(subject, received, 'clinical-server', 'medium', 'Clinical systems send HL7 messages to it.');
}

/** Acknowledgements go back to whoever sent the message, and show no role of their own (HL7 v2.5.1 §2.9). */
function isNoAnswer(speaker: Speaker): boolean {
  const { messageTypes } = speaker.facts;
  return messageTypes.length === 0 || messageTypes.some((type) => !/^(ACK|ORR|RSP|MCF)/.test(type));
}

function claimHub(subject: Subject, sent: readonly Speaker[], received: readonly Speaker[]): void {
  const peers = new Set(received.flatMap((s) => s.peer?.ip ?? s.peer?.mac ?? []));
  const voices = new Set(sent.flatMap((s) => s.facts.application ?? []));
  if (peers.size >= HUB_APPLICATIONS && onlyObservations(received)) {
    const reason = `${peers.size} systems send observations to it, and nothing else.`;
    role(subject, received, 'telemetry-gateway', 'medium', reason);
  } else if (peers.size >= HUB_APPLICATIONS) {
    const reason = `${peers.size} systems send HL7 messages of several kinds to it.`;
    role(subject, received, 'interface-engine', sent.length > 0 ? 'strong' : 'medium', reason);
  }
  if (voices.size >= HUB_APPLICATIONS) {
    const reason = `It speaks for ${voices.size} applications, so it passes their messages on.`;
    role(subject, sent, 'interface-engine', 'medium', reason);
  }
}

/** Whoever takes in unsolicited observations (ORU) only collects measurements of devices. */
function onlyObservations(received: readonly Speaker[]): boolean {
  const types = received.flatMap((s) => s.facts.messageTypes);
  return types.length > 0 && types.every((type) => type.startsWith('ORU'));
}

function role(
  subject: Subject,
  grounds: readonly Speaker[],
  value: string,
  strength: Strength,
  reason: string,
): void {
  if (grounds.length === 0) return;
  subject.book.add(
    { attribute: 'class', value, source: 'hl7.endpoint', strength, group: 'hl7-role', reason },
    groundOfAll(grounds),
  );
}

const DEVICE_FACTS: readonly (readonly [keyof Facts['hl7.device'], 'vendor' | 'model' | 'serial'])[] = [
  ['manufacturer', 'vendor'],
  ['namespace', 'vendor'],
  ['model', 'model'],
  ['serial', 'serial'],
  ['identifier', 'serial'],
];

/**
 * Devices named in messages (PRT-10, OBX-18) need not be the sender: one that always speaks for one and the same device
 * probably is it; one that speaks for several passes their data on.
 */
export function claimNamedDevices(subject: Subject): void {
  const [named, all] = devicesNamed(subject);
  for (const sighting of named)
    claimDevice(subject, sighting, `HL7 messages from ${senderOf(sighting)} name it`);
  if (all.length === 0) return;
  const devices = new Set(all.map(({ facts: f }) => deviceKey(f)));
  if (devices.size > 1) {
    const reason = `It sends the data of ${devices.size} different devices, so it passes them on.`;
    const common = { attribute: 'class', source: 'hl7.device', group: 'hl7-devices', reason } as const;
    subject.book.add({ ...common, value: 'telemetry-gateway', strength: 'medium' }, groundOfAll(all));
    return;
  }
  for (const sighting of all) claimDevice(subject, sighting, 'All its HL7 messages name one device');
}

/** What others say of the subject by its hardware address, and what it says of devices itself. */
function devicesNamed(subject: Subject): [named: Sighting<'hl7.device'>[], said: Sighting<'hl7.device'>[]] {
  const all = sightingsOf(subject, 'hl7.device');
  return [all.filter(isOnlyNamed), all.filter((sighting) => !isOnlyNamed(sighting))];
}

function senderOf({ peer }: Sighting<'hl7.device'>): string {
  return peer?.ip ?? peer?.mac ?? 'another system';
}

function claimDevice(subject: Subject, sighting: Sighting<'hl7.device'>, who: string): void {
  for (const [fact, attribute] of DEVICE_FACTS) {
    const text = textOf(sighting.facts[fact]);
    if (text === null || !usable(subject, sighting, fact, text)) continue;
    const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(text) : text;
    const reason = `${who}, with the ${attribute} “${text}”.`;
    const group = isOnlyNamed(sighting) ? 'hl7-named' : 'hl7-devices';
    const statement = { attribute, value, source: `hl7.device/${fact}`, group, reason };
    subject.book.add({ ...statement, strength: 'medium' }, groundOf(sighting));
    if (attribute === 'vendor') claimKind(subject, sighting, value);
  }
}

/** An identifier is a serial number only where none is given; a namespace is a maker only where it is a known one. */
function usable(
  subject: Subject,
  { facts }: Sighting<'hl7.device'>,
  fact: keyof Facts['hl7.device'],
  text: string,
): boolean {
  if (fact === 'identifier') return facts.serial === undefined && usableSerial(text);
  if (fact === 'namespace')
    return facts.manufacturer === undefined && subject.knowledge.vendors.find(text) !== null;
  return fact !== 'serial' || usableSerial(text);
}

/** A maker of one kind of device only, named by a device that reports measurements, hints at that kind. */
function claimKind(subject: Subject, sighting: Sighting<'hl7.device'>, vendor: string): void {
  const known = subject.knowledge.vendors.byName(vendor);
  if (!known?.medical || known.hints.length !== 1) return;
  const reason = `It reports measurements as a device of ${vendor}, which mostly is ${withArticle(nounOf(subject.knowledge.taxonomy.label(known.hints[0]!)))}.`;
  const statement = {
    attribute: 'class',
    value: known.hints[0]!,
    source: 'hl7.device',
    group: 'hl7-devices',
  } as const;
  subject.book.add({ ...statement, strength: 'weak', reason }, groundOf(sighting));
}

/** A sender that speaks for one device only often calls itself by that device's model in MSH-3. */
export function claimSpeakingModel(subject: Subject): void {
  const devices = new Set(devicesNamed(subject)[1].map(({ facts }) => deviceKey(facts)));
  const sent = sightingsOf(subject, 'hl7.endpoint').filter((s) => s.facts.role === 'sender' && isNoAnswer(s));
  const names = new Set(sent.flatMap((s) => s.facts.application ?? []));
  const [name] = names;
  if (devices.size !== 1 || names.size !== 1 || name === undefined) return;
  const reason = `It speaks for one device only, and calls itself ${name} in HL7.`;
  const statement = { attribute: 'model', value: name, source: 'hl7.endpoint/application' } as const;
  subject.book.add({ ...statement, strength: 'weak', group: 'hl7-application', reason }, groundOfAll(sent));
}
