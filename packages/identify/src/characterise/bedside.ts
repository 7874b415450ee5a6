import type { Attribute, Facts, Sighting, Strength } from '@wardline/model';
import { usableSerial } from '../serials.ts';
import { groundOf, groundOfAll, textOf } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** What bedside and laboratory protocols, and discovery among devices, say of the subject. */
export function claimBedside(subject: Subject): void {
  claimLaboratory(subject);
  claimPointOfCare(subject);
  claimDiscovered(subject);
  claimDescribed(subject);
  claimIntelliVue(subject);
  claimCarescape(subject);
  claimFhirServer(subject);
}

/** From so many different instruments on, whoever speaks for them passes their results on. */
const MANY_INSTRUMENTS = 2;

/** What laboratory instruments and their information systems say of themselves by ASTM E1394. */
function claimLaboratory(subject: Subject): void {
  const all = sightingsOf(subject, 'astm.endpoint');
  const instruments = all.filter((s) => s.facts.role === 'instrument');
  const names = new Set(instruments.flatMap((s) => s.facts.senderName ?? []));
  const hosts = all.filter((s) => s.facts.role === 'host');
  const reason = 'It sends orders to laboratory instruments (ASTM E1394).';
  if (hosts.length > 0) claimClass(subject, hosts, 'lis', reason);
  if (names.size >= MANY_INSTRUMENTS) {
    claimClass(
      subject,
      instruments,
      'lis',
      `It sends the results of ${names.size} instruments (ASTM E1394).`,
    );
    return;
  }
  if (instruments.length === 0) return;
  claimClass(subject, instruments, 'lab-analyser', 'It sends laboratory results (ASTM E1394).');
  for (const sighting of instruments) claimSender(subject, sighting);
}

type Instrument = Sighting<'astm.endpoint'>;

function claimClass(subject: Subject, seen: readonly Instrument[], value: string, reason: string): void {
  const common = { attribute: 'class', source: 'astm.endpoint', group: 'astm', strength: 'medium' } as const;
  subject.book.add({ ...common, value, reason }, groundOfAll(seen));
}

/** H-5 begins with the maker or with the model; a known maker's name shows which. */
function claimSender(subject: Subject, sighting: Instrument): void {
  const { senderName, senderParts = [], serial, software } = sighting.facts;
  const maker = senderName === undefined ? null : subject.knowledge.vendors.byName(senderName);
  const model =
    maker === null ? senderName : senderParts.find((part) => part !== serial && part !== software);
  const claims = { vendor: maker?.name, model, serial, software } as const;
  for (const attribute of ['vendor', 'model', 'serial', 'software'] as const) {
    const value = claims[attribute];
    if (value === undefined || (attribute === 'serial' && !usableSerial(value))) continue;
    const fact: keyof Facts['astm.endpoint'] =
      attribute === 'serial' || attribute === 'software' ? attribute : 'senderName';
    const reason = `It names the ${attribute} “${value}” where its laboratory messages say who sends them.`;
    const statement = { attribute, value, source: `astm.endpoint/${fact}`, group: 'astm', reason };
    subject.book.add({ ...statement, strength: 'medium' }, groundOf(sighting));
  }
}

type Kind =
  | 'carescape.device'
  | 'dpws.device'
  | 'fhir.server'
  | 'intellivue.device'
  | 'poct.device'
  | 'poct.endpoint'
  | 'sdc.device'
  | 'wsd.device';

function add(
  subject: Subject,
  sighting: Sighting<Kind>,
  attribute: Attribute,
  value: string,
  strength: Strength,
  reason: string,
): void {
  const group = sighting.kind.split('.')[0]!;
  subject.book.add({ attribute, value, source: sighting.kind, strength, group, reason }, groundOf(sighting));
}

/** POCT1-A: a device names itself; an access point passes on what several say. */
function claimPointOfCare(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'poct.endpoint')) {
    if (sighting.facts.role !== 'manager') continue;
    add(
      subject,
      sighting,
      'class',
      'poc-manager',
      'medium',
      'It collects results of point-of-care devices (POCT1-A).',
    );
  }
  const devices = sightingsOf(subject, 'poct.device');
  const serials = new Set(devices.map(({ facts }) => facts.serial ?? facts.deviceId ?? facts.model));
  for (const sighting of devices) {
    if (serials.size === 1) claimPoctDevice(subject, sighting);
    else
      add(
        subject,
        sighting,
        'class',
        'telemetry-gateway',
        'medium',
        'It speaks for several point-of-care devices.',
      );
  }
}

function claimPoctDevice(subject: Subject, sighting: Sighting<'poct.device'>): void {
  const { vendor, model, serial, software } = sighting.facts;
  claimTexts(subject, sighting, { vendor, model, serial, software }, 'POCT1-A');
  add(
    subject,
    sighting,
    'class',
    'point-of-care-analyser',
    'weak',
    'It reports results as a point-of-care device.',
  );
}

/** Types of WS-Discovery that only one kind of device has (ONVIF Core §7.3.1, WS-Print, Windows' function discovery). */
const TYPE_CLASS: readonly (readonly [RegExp, string, Strength])[] = [
  [/^(NetworkVideoTransmitter|NetworkVideoDisplay|NetworkVideoStorage)$/, 'camera', 'strong'],
  [/^Print(Device|erService)?(Type)?(V\d+)?$/i, 'printer', 'strong'],
  [/^Computer$/, 'workstation', 'weak'],
];

function claimDiscovered(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'wsd.device')) {
    const { types = [], hardware, location } = sighting.facts;
    for (const [pattern, value, strength] of TYPE_CLASS) {
      const type = types.find((name) => pattern.test(name));
      if (type !== undefined)
        add(subject, sighting, 'class', value, strength, `It announces the type ${type} by WS-Discovery.`);
    }
    if (hardware !== undefined)
      add(subject, sighting, 'model', hardware, 'medium', `It announces the hardware “${hardware}”.`);
    if (location !== undefined)
      add(subject, sighting, 'location', location, 'medium', `It announces the place “${location}”.`);
  }
}

/** Kinds of medical devices by the type of their MDS (IEEE 11073-10101, partition 1). */
const MDS_CLASS: ReadonlyMap<string, string> = new Map([
  ['69965', 'patient-monitor'],
  ['69985', 'infusion-pump'],
  ['70001', 'ventilator'],
  ['70041', 'anaesthesia-machine'],
]);

/** What devices say of themselves by DPWS, and medical ones in their MDIB (IEEE 11073 SDC). */
function claimDescribed(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'dpws.device')) {
    const { manufacturer, model, serial, firmware, hostname } = sighting.facts;
    // A computer names the program that publishes it, not itself.
    if (hostname !== undefined) continue;
    claimTexts(subject, sighting, { vendor: manufacturer, model, serial, software: firmware }, 'DPWS');
  }
  for (const sighting of sightingsOf(subject, 'sdc.device')) {
    const { manufacturer, model, serial, location, mdsType } = sighting.facts;
    claimTexts(subject, sighting, { vendor: manufacturer, model, serial, location }, 'IEEE 11073 SDC');
    const value = MDS_CLASS.get(mdsType ?? '');
    if (value !== undefined)
      add(
        subject,
        sighting,
        'class',
        value,
        'strong',
        `It describes itself by the type ${mdsType} of IEEE 11073.`,
      );
  }
}

type Texts = { readonly [A in Attribute]?: string | undefined };

function claimTexts(subject: Subject, sighting: Sighting<Kind>, texts: Texts, protocol: string): void {
  for (const [attribute, given] of Object.entries(texts) as [Attribute, string | undefined][]) {
    const text = textOf(given);
    if (text === null || (attribute === 'serial' && !usableSerial(text))) continue;
    const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(text) : text;
    add(
      subject,
      sighting,
      attribute,
      value,
      'strong',
      `It reports the ${attribute} “${text}” by ${protocol}.`,
    );
  }
}

/** Only patient monitors of this family export data so. */
function claimIntelliVue(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'intellivue.device')) {
    const { manufacturer, model, serial, software, bedLabel } = sighting.facts;
    const texts = { vendor: manufacturer ?? 'Philips', model, serial, software, location: bedLabel };
    claimTexts(subject, sighting, texts, 'IntelliVue data export');
    add(subject, sighting, 'family', 'IntelliVue', 'strong', 'It exports data as IntelliVue monitors do.');
    add(
      subject,
      sighting,
      'class',
      'patient-monitor',
      'strong',
      'It exports data as IntelliVue monitors do.',
    );
  }
}

/** Monitors of GE's network announce themselves so; what they are called and made of they do not say. */
function claimCarescape(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'carescape.device')) {
    const place = [sighting.facts.careUnit, sighting.facts.bed].filter(Boolean).join(', ');
    const reason = `It announces itself at “${place}” as monitors in GE’s CARESCAPE network do.`;
    add(subject, sighting, 'vendor', subject.knowledge.vendors.canonical('GE HealthCare'), 'medium', reason);
    add(subject, sighting, 'class', 'patient-monitor', 'medium', reason);
    add(subject, sighting, 'location', place, 'medium', reason);
  }
}

/** A capability statement names the software; who publishes it need not be its maker, but a known maker mostly is. */
function claimFhirServer(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'fhir.server')) {
    const { software, softwareVersion, publisher } = sighting.facts;
    const text = [software, softwareVersion].filter(Boolean).join(' ');
    if (text !== '')
      add(
        subject,
        sighting,
        'software',
        text,
        'strong',
        `Its FHIR capability statement names the software “${text}”.`,
      );
    const maker = publisher === undefined ? null : subject.knowledge.vendors.find(publisher);
    if (maker !== null)
      add(
        subject,
        sighting,
        'vendor',
        maker.name,
        'weak',
        `Its FHIR capability statement is published by “${publisher}”.`,
      );
  }
}
