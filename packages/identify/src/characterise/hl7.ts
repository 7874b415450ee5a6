import type { Facts, Sighting, Strength } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll, textOf } from './claim-book.ts';
import { deviceKey } from './named-machines.ts';
import { type Subject, sightingsOf } from './subject.ts';

type Speaker = Sighting<'hl7.endpoint'>;

/** From so many different senders on, a receiver or speaker is a hub. */
const HUB_APPLICATIONS = 3;

/** What it sends and receives in HL7 v2 shows its role (HL7 v2.5.1 chapters 3, 4, 7). */
export function claimHl7Roles(subject: Subject): void {
  const all = sightingsOf(subject, 'hl7.endpoint');
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

function claimHub(subject: Subject, sent: readonly Speaker[], received: readonly Speaker[]): void {
  const peers = new Set(received.flatMap((s) => s.peer?.ip ?? s.peer?.mac ?? []));
  const voices = new Set(sent.flatMap((s) => s.facts.application ?? []));
  if (peers.size >= HUB_APPLICATIONS) {
    const reason = `${peers.size} systems send HL7 messages to it.`;
    role(subject, received, 'interface-engine', sent.length > 0 ? 'strong' : 'medium', reason);
  }
  if (voices.size >= HUB_APPLICATIONS) {
    const reason = `It speaks for ${voices.size} applications, so it passes their messages on.`;
    role(subject, sent, 'interface-engine', 'medium', reason);
  }
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
  ['model', 'model'],
  ['serial', 'serial'],
];

/**
 * Devices named in messages (PRT-10, OBX-18) need not be the sender: one that always speaks for one and the same device
 * probably is it; one that speaks for several passes their data on.
 */
export function claimNamedDevices(subject: Subject): void {
  const all = sightingsOf(subject, 'hl7.device');
  if (all.length === 0) return;
  const devices = new Set(all.map(({ facts: f }) => deviceKey(f)));
  if (devices.size > 1) {
    const reason = `It sends the data of ${devices.size} different devices, so it passes them on.`;
    const common = { attribute: 'class', source: 'hl7.device', group: 'hl7-devices', reason } as const;
    subject.book.add({ ...common, value: 'telemetry-gateway', strength: 'medium' }, groundOfAll(all));
    return;
  }
  for (const sighting of all) claimDevice(subject, sighting);
}

function claimDevice(subject: Subject, sighting: Sighting<'hl7.device'>): void {
  for (const [fact, attribute] of DEVICE_FACTS) {
    const text = textOf(sighting.facts[fact]);
    if (text === null || (attribute === 'serial' && !usableSerial(text))) continue;
    const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(text) : text;
    const reason = `All its HL7 messages name one device, with the ${attribute} “${text}”.`;
    const statement = { attribute, value, source: `hl7.device/${fact}`, group: 'hl7-devices', reason };
    subject.book.add({ ...statement, strength: 'medium' }, groundOf(sighting));
  }
}
