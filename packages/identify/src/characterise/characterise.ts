import type { Knowledge } from '@wardline/knowledge';
import {
  type Asset,
  type Attribute,
  type Claim,
  type Conclusion,
  type Conversation,
  endpointKey,
  type Sighting,
} from '@wardline/model';
import { isUnspecified } from '../addresses.ts';
import type { AssetGroup } from '../resolve/resolve.ts';
import { claimBedside } from './bedside.ts';
import { claimBuilding } from './building.ts';
import { ClaimBook } from './claim-book.ts';
import { claimConsequences, claimPatientData, sensitivityOf } from './consequence.ts';
import { claimDicomRoles, claimEquipment } from './dicom.ts';
import { claimFingerprints } from './fingerprints.ts';
import { fuse } from './fuse.ts';
import { claimHl7Roles, claimNamedDevices, claimSpeakingModel } from './hl7.ts';
import { claimIdentifiers } from './identifiers.ts';
import { nameOf } from './name.ts';
import { claimNetworkRoles } from './network-roles.ts';
import { claimPorts } from './ports.ts';
import { claimScannedSystem, scannedSoftware, withScans } from './scans.ts';
import { claimAttachment, claimHostNames, claimNetworkCard, claimStated } from './self-description.ts';
import { claimServed } from './served.ts';
import { servicesOf } from './services.ts';
import type { Subject } from './subject.ts';

/** Sightings and conversations; of others than the group's they are left out. */
export interface Observations {
  sightings: readonly Sighting[];
  conversations: readonly Conversation[];
}

/**
 * Says what one group of endpoints is: claims with their evidence, and the conclusions drawn from them. The same
 * observations give the same asset, in whatever order they come.
 */
export function characterise(group: AssetGroup, seen: Observations, knowledge: Knowledge): Asset {
  return characteriseOwn(group, ownOf(group, seen), knowledge);
}

/** Like `characterise`, where all that is given is the group's own. */
export function characteriseOwn(group: AssetGroup, own: OwnObservations, knowledge: Knowledge): Asset {
  const subject: Subject = { group, ...own, knowledge, book: new ClaimBook() };
  claimStated(subject);
  claimBuilding(subject);
  claimAttachment(subject);
  claimHostNames(subject);
  claimIdentifiers(subject);
  claimNetworkCard(subject);
  claimEquipment(subject);
  claimDicomRoles(subject);
  claimHl7Roles(subject);
  claimNamedDevices(subject);
  claimSpeakingModel(subject);
  claimBedside(subject);
  claimFingerprints(subject);
  claimNetworkRoles(subject);
  claimPorts(subject);
  claimServed(subject);
  claimScannedSystem(subject);
  claimPatientData(subject);
  const classClaims = claimsOf(subject.book.claims(), 'class');
  claimConsequences(subject, fuse('class', classClaims, knowledge), classClaims);
  return assemble(subject);
}

/** What was seen of one group, and its conversations by the side that it took. */
export type OwnObservations = Pick<Subject, 'sightings' | 'asClient' | 'asServer'>;

function ownOf(group: AssetGroup, seen: Observations): OwnObservations {
  const keys = new Set(group.endpoints.map(endpointKey));
  return {
    sightings: seen.sightings.filter((s) => keys.has(endpointKey(s.subject))),
    asClient: seen.conversations.filter((c) => keys.has(endpointKey(c.client))),
    asServer: seen.conversations.filter((c) => keys.has(endpointKey(c.server))),
  };
}

function claimsOf(claims: readonly Claim[], attribute: Attribute): Claim[] {
  return claims.filter((claim) => claim.attribute === attribute);
}

function assemble(subject: Subject): Asset {
  const { group, knowledge, sightings, asServer } = subject;
  const claims = subject.book.claims();
  const software = scannedSoftware(sightings);
  const conclude = (attribute: Attribute): Conclusion =>
    fuse(attribute, claimsOf(claims, attribute), knowledge);
  const asset = {
    id: group.id,
    name: '',
    vendor: conclude('vendor'),
    family: conclude('family'),
    model: conclude('model'),
    serial: conclude('serial'),
    software: conclude('software'),
    os: conclude('os'),
    class: conclude('class'),
    criticality: conclude('criticality'),
    dataSensitivity: sensitivityOf(claimsOf(claims, 'dataSensitivity'), (list) =>
      fuse('dataSensitivity', list, knowledge),
    ),
    location: conclude('location'),
    endpoints: group.endpoints,
    macs: group.macs,
    ...addressesOf(subject),
    hostnames: hostNames(claimsOf(claims, 'hostname')),
    services: withScans(servicesOf(asServer, sightings), sightings, knowledge),
    ...(software.length > 0 ? { scannedSoftware: software } : {}),
    claims,
    joins: group.joins,
    ...times(subject),
  };
  const plain = { ...asset, model: withoutMaker(asset.model, asset.vendor.value) };
  return { ...plain, name: nameOf(plain, sightings, knowledge) };
}

/** `HP LaserPrint 400` of HP is the model `LaserPrint 400`; a person reads the maker beside it. */
function withoutMaker(model: Conclusion, vendor: string | null): Conclusion {
  const prefix = `${vendor?.toLowerCase()} `;
  if (vendor === null || !model.value?.toLowerCase().startsWith(prefix)) return model;
  const rest = model.value.slice(prefix.length).trim();
  return rest === '' ? model : { ...model, value: rest };
}

function addressesOf({ group }: Subject): Pick<Asset, 'ips' | 'vlans'> {
  const ips = group.endpoints.flatMap(({ ip }) => (ip === null || isUnspecified(ip) ? [] : ip));
  // Where a router passed its packets on, the tag is that of the router's side, not of where the device is.
  const at = group.endpoints.filter(({ mac }) => mac === null || group.macs.includes(mac));
  const vlans = at.flatMap(({ vlan }) => vlan ?? []);
  return { ips: [...new Set(ips)].sort(), vlans: [...new Set(vlans)].sort((a, b) => a - b) };
}

/** The best supported first, each once whatever its case. */
function hostNames(claims: readonly Claim[]): string[] {
  const rank = (claim: Claim) => (claim.strength === 'weak' ? 1 : 0);
  const sorted = [...claims].sort(
    (a, b) => rank(a) - rank(b) || b.count - a.count || (a.value < b.value ? -1 : 1),
  );
  const byPlain = new Map<string, string>();
  for (const { value } of sorted) {
    if (!byPlain.has(value.toLowerCase())) byPlain.set(value.toLowerCase(), value);
  }
  return [...byPlain.values()];
}

function times({ sightings, asClient, asServer }: Subject): Pick<Asset, 'firstSeen' | 'lastSeen'> {
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  for (const list of [sightings, asClient, asServer]) {
    for (const { firstSeen, lastSeen } of list) {
      first = Math.min(first, firstSeen);
      last = Math.max(last, lastSeen);
    }
  }
  return { firstSeen: Math.min(first, last), lastSeen: last };
}
