import { nounOf, withArticle } from '@wardline/knowledge';
import type { Attribute, Facts, Strength } from '@wardline/model';
import { hostNameOf, isTellingHostName } from '../host-names.ts';
import { usableSerial } from '../serials.ts';
import { type Ground, groundOf, groundOfAll, textOf } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';
import { endingIn, protocolOf } from './wording.ts';

/** Fact → attribute, for facts that state an attribute outright. */
const STATED = {
  'snmp.system': {
    entityManufacturer: ['vendor', 'strong'],
    entityModel: ['model', 'strong'],
    entitySerial: ['serial', 'strong'],
    entitySoftware: ['software', 'strong'],
    sysLocation: ['location', 'strong'],
  },
  'lldp.neighbour': {
    medManufacturer: ['vendor', 'strong'],
    medModel: ['model', 'strong'],
    medSerial: ['serial', 'strong'],
    medSoftware: ['software', 'strong'],
    medFirmware: ['software', 'medium'],
  },
  'wifi.device': {
    manufacturer: ['vendor', 'strong'],
    model: ['model', 'strong'],
    serial: ['serial', 'strong'],
  },
} as const satisfies {
  [K in 'snmp.system' | 'lldp.neighbour' | 'wifi.device']: Partial<
    Record<keyof Facts[K], readonly [Attribute, Strength]>
  >;
};

const PROTOCOL: Record<keyof typeof STATED, string> = {
  'snmp.system': 'SNMP',
  'lldp.neighbour': 'LLDP-MED',
  'wifi.device': 'Wi-Fi Protected Setup',
};

/** What states the same by several of its facts is one witness. */
const WITNESS: Record<keyof typeof STATED, string> = {
  'snmp.system': 'snmp-entity',
  'lldp.neighbour': 'lldp-med',
  'wifi.device': 'wifi-setup',
};

/** What devices say of themselves in so many words. */
export function claimStated(subject: Subject): void {
  for (const kind of Object.keys(STATED) as (keyof typeof STATED)[]) {
    for (const sighting of sightingsOf(subject, kind)) {
      for (const [fact, [attribute, strength]] of Object.entries(STATED[kind])) {
        const text = textOf((sighting.facts as Record<string, string | undefined>)[fact]);
        if (text === null || (attribute === 'serial' && !usableSerial(text))) continue;
        const value = attribute === 'vendor' ? subject.knowledge.vendors.canonical(text) : text;
        const reason = `It reports the ${attribute} “${text}” by ${PROTOCOL[kind]}.`;
        const group = WITNESS[kind];
        subject.book.add(
          { attribute, value, source: `${kind}/${fact}`, strength, group, reason },
          groundOf(sighting),
        );
      }
    }
  }
}

/** Where a switch or an access point told a RADIUS server that it is (RFC 3580 §3). */
export function claimAttachment(subject: Subject): void {
  for (const sighting of sightingsOf(subject, 'radius.station')) {
    const { nas, port, calledStation } = sighting.facts;
    if (nas === undefined || (port ?? calledStation) === undefined) continue;
    const value = port === undefined ? `${calledStation} at ${nas}` : `port ${port} of ${nas}`;
    const reason = `${nas} told its RADIUS server that it is there.`;
    const statement = {
      attribute: 'location',
      value,
      source: sighting.kind,
      group: 'radius',
      reason,
    } as const;
    subject.book.add({ ...statement, strength: 'weak' }, groundOf(sighting));
  }
}

/** The names under which it goes. */
export function claimHostNames(subject: Subject): void {
  for (const sighting of subject.sightings) {
    const own = hostNameOf(sighting);
    const name = own ?? namedByOthers(subject, sighting.kind, sighting.facts);
    if (name === null) continue;
    const telling = own !== null && isTellingHostName(name);
    const protocol = sighting.kind.split('.')[0]!;
    const who = own === null ? 'Others call it' : 'It calls itself';
    const reason = `${who} ${name} in ${protocolOf(sighting.kind)}.`;
    const strength = telling ? 'medium' : 'weak';
    const group = `name-${protocol}`;
    subject.book.add(
      { attribute: 'hostname', value: name, source: sighting.kind, strength, group, reason },
      groundOf(sighting),
    );
  }
}

function namedByOthers(subject: Subject, kind: string, facts: object): string | null {
  if (kind === 'dns.name') return plausible((facts as Facts['dns.name']).name);
  if (kind === 'scan.host') return plausible((facts as Facts['scan.host']).hostname ?? '');
  if (kind === 'http.host') return plausible((facts as Facts['http.host']).host);
  if (kind === 'syslog.sender') return soleLogger(subject);
  if (kind === 'dicom.equipment') return ownStation(subject, facts as Facts['dicom.equipment']);
  return null;
}

/** A relay passes on the messages of several hosts (RFC 5424 §3) and is none of them. */
function soleLogger(subject: Subject): string | null {
  const names = new Set(sightingsOf(subject, 'syslog.sender').flatMap((s) => s.facts.hostname ?? []));
  const [name] = names;
  return names.size === 1 && name !== undefined ? plausible(name) : null;
}

function ownStation(subject: Subject, facts: Facts['dicom.equipment']): string | null {
  const stations = new Set(sightingsOf(subject, 'dicom.equipment').map((s) => s.facts.stationName));
  return facts.sentByCreator && stations.size === 1 ? (facts.stationName ?? null) : null;
}

function plausible(name: string): string | null {
  const bare = name.replace(/:\d+$/, '').replace(/\.$/, '');
  const address = /^[\d.]+$|:|\.arpa$/i.test(bare);
  return !address && /^[a-z0-9_][a-z0-9._-]{0,120}$/i.test(bare) ? bare : null;
}

/** The maker of the network card; weak, since it may be a part in another maker's device. */
export function claimNetworkCard(subject: Subject): void {
  const { knowledge, group } = subject;
  const byMac = Map.groupBy(subject.sightings, (s) => s.subject.mac);
  for (const mac of group.macs) {
    const organisation = knowledge.addressBlocks.organisationOf(mac);
    const seen = byMac.get(mac) ?? [];
    const ground = seen.length > 0 ? groundOfAll(seen) : groundOfConversations(subject, mac);
    if (organisation === null || ground === null) continue;
    const vendor = knowledge.vendors.find(organisation);
    if (!vendor?.component) claimMaker(subject, mac, organisation, ground);
    if (vendor?.hints.length === 1) claimHint(subject, vendor.hints[0]!, organisation, ground);
  }
}

function claimMaker(subject: Subject, mac: string, organisation: string, ground: Ground): void {
  const value = subject.knowledge.vendors.canonical(organisation);
  const reason = `Its network address ${mac} is from a block of ${endingIn(organisation)}`;
  const statement = {
    attribute: 'vendor',
    value,
    source: 'oui',
    strength: 'weak',
    group: 'oui',
    reason,
  } as const;
  subject.book.add(statement, ground);
}

/** A maker of one kind of device only. */
function claimHint(subject: Subject, value: string, organisation: string, ground: Ground): void {
  const kind = withArticle(nounOf(subject.knowledge.taxonomy.label(value)));
  const reason = `A network card of ${organisation} is mostly that of ${kind}.`;
  const statement = {
    attribute: 'class',
    value,
    source: 'oui',
    strength: 'weak',
    group: 'oui',
    reason,
  } as const;
  subject.book.add(statement, ground);
}

function groundOfConversations(subject: Subject, mac: string) {
  const found =
    subject.asClient.find((c) => c.client.mac === mac) ?? subject.asServer.find((c) => c.server.mac === mac);
  if (found === undefined) return null;
  const { firstSeen, lastSeen, evidence } = found;
  return { firstSeen, lastSeen, count: 1, evidence: [evidence] };
}
