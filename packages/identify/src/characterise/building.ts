import type { Attribute, Facts, Sighting, Strength } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll, textOf } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

type Stating = 'bacnet.identification' | 'modbus.identification' | 'sip.agent';

/** Fact → attribute, for what building control says outright of the device that answers. */
const STATED: {
  [K in Stating]: {
    protocol: string;
    facts: Partial<Record<keyof Facts[K], readonly [Attribute, Strength]>>;
  };
} = {
  'bacnet.identification': {
    protocol: 'BACnet',
    facts: {
      vendor: ['vendor', 'strong'],
      model: ['model', 'strong'],
      serial: ['serial', 'strong'],
      firmware: ['software', 'strong'],
      software: ['software', 'medium'],
      location: ['location', 'strong'],
      name: ['hostname', 'weak'],
    },
  },
  'modbus.identification': {
    protocol: 'Modbus',
    facts: {
      vendor: ['vendor', 'strong'],
      model: ['model', 'strong'],
      productName: ['family', 'medium'],
      productCode: ['model', 'medium'],
      revision: ['software', 'medium'],
    },
  },
  'sip.agent': { protocol: 'SIP', facts: { host: ['hostname', 'weak'] } },
};

/** A gateway answers for many units, a device for one, and some also for the broadcast and gateway addresses. */
const GATEWAY_UNITS = 2;
/** Unit identifiers that mean the device at the IP address itself (Messaging on TCP/IP V1.0b §4.4.2.4). */
const OWN_UNITS: readonly number[] = [0, 255];

/** What building control and telephony show of the devices that speak them. */
export function claimBuilding(subject: Subject): void {
  for (const kind of Object.keys(STATED) as Stating[]) {
    const sightings = sightingsOf(subject, kind).filter((sighting) => isOwn(subject, sighting));
    for (const sighting of sightings) claimStatedBy(subject, kind, sighting);
  }
  claimModbus(subject);
  claimBacnet(subject);
}

function claimStatedBy(subject: Subject, kind: Stating, sighting: Sighting): void {
  const { protocol, facts } = STATED[kind];
  for (const [fact, [attribute, strength]] of Object.entries(facts)) {
    const text = textOf((sighting.facts as unknown as Record<string, string | undefined>)[fact]);
    if (text === null || (attribute === 'serial' && !usableSerial(text))) continue;
    const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(text) : text;
    const reason = `It reports the ${attribute} “${text}” by ${protocol}.`;
    const source = `${kind}/${fact}`;
    subject.book.add({ attribute, value, source, strength, group: kind, reason }, groundOf(sighting));
  }
}

/** Behind a gateway, another device than the one at the address speaks. */
function isOwn(subject: Subject, sighting: Sighting): boolean {
  if (sighting.kind !== 'modbus.identification') {
    return (sighting.facts as Facts['bacnet.identification']).behind === undefined;
  }
  const { unit } = sighting.facts as Facts['modbus.identification'];
  return OWN_UNITS.includes(unit) || unitsOf(subject).size < GATEWAY_UNITS;
}

function answersOf(subject: Subject) {
  return sightingsOf(subject, 'modbus.use').filter((sighting) => sighting.facts.role === 'server');
}

function unitsOf(subject: Subject): Set<number> {
  const units = answersOf(subject).map(({ facts }) => facts.unit);
  return new Set(units.filter((unit) => !OWN_UNITS.includes(unit)));
}

function claimModbus(subject: Subject): void {
  const answers = answersOf(subject);
  if (answers.length === 0) return;
  const units = unitsOf(subject).size;
  const gateway = units >= GATEWAY_UNITS;
  const value = gateway ? 'device-server' : 'building-controller';
  const reason = gateway
    ? `It answers Modbus for ${units} units, as a gateway to serial devices does.`
    : 'It answers Modbus requests.';
  const statement = {
    attribute: 'class',
    value,
    source: 'modbus.use',
    strength: 'medium',
    group: 'modbus',
    reason,
  } as const;
  subject.book.add(statement, groundOfAll(answers));
}

/** Whatever has a device object takes part in building control, routers between its networks included. */
function claimBacnet(subject: Subject): void {
  const devices = [
    ...sightingsOf(subject, 'bacnet.device'),
    ...sightingsOf(subject, 'bacnet.identification'),
  ];
  if (devices.length === 0) return;
  const statement = {
    attribute: 'class',
    value: 'building-controller',
    source: 'bacnet.device',
    strength: 'medium',
    group: 'bacnet',
    reason: 'It announces itself as a BACnet device.',
  } as const;
  subject.book.add(statement, groundOfAll(devices));
}
