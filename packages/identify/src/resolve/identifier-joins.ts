import type { Facts, Sighting } from '@wardline/model';
import { isMulticastMac } from '../addresses.ts';
import { hostNameOf, isTellingHostName } from '../host-names.ts';
import { IDENTIFIER_GROUPS, NAMES_PER_DEVICE } from '../limits.ts';
import { usableSerial } from '../serials.ts';
import { type Proposal, proposal } from './address-joins.ts';
import type { Located, Node } from './node.ts';

/** An identifier that only one device should have, with who showed it. */
interface Shown {
  key: string;
  rule: string;
  reason: string;
  node: Node;
}

/**
 * Joins several network cards of one device by identifiers that no other device has. `rootOf` tells which nodes are
 * one already; an identifier that many share is a clone's and joins nothing.
 */
export function identifierJoins(located: readonly Located[], rootOf: (node: Node) => number): Proposal[] {
  const telling = located.filter(({ sighting }) => TELLING_KINDS.has(sighting.kind));
  const names = hostNames(located, telling, rootOf);
  const shown = new Map<string, Map<number, Shown>>();
  for (const { sighting, node } of telling) {
    const root = rootOf(node);
    for (const entry of identifiersOf(sighting, node, names.get(root) ?? [])) {
      const holders = shown.get(entry.key) ?? new Map<number, Shown>();
      const known = holders.get(root);
      if (known === undefined || entry.node.key < known.node.key) holders.set(root, entry);
      shown.set(entry.key, holders);
    }
  }
  const shared = [...shown].filter(([, holders]) => holders.size > 1);
  return shared.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, holders]) => chain([...holders.values()]));
}

/** The kinds that `identifiersOf` finds something in; others cost nothing. */
const TELLING_KINDS: ReadonlySet<string> = new Set([
  'dicom.equipment',
  'snmp.system',
  'cdp.neighbour',
  'lldp.neighbour',
  'ssh.hostkey',
  'tls.certificate',
]);

function chain(holders: Shown[]): Proposal[] {
  if (holders.length < 2 || holders.length > IDENTIFIER_GROUPS) return [];
  const [first, ...rest] = holders.sort((a, b) => (a.node.key < b.node.key ? -1 : 1));
  return rest.map((entry) => proposal(first!.node, entry.node, entry.rule, entry.reason));
}

/** The telling host names of the sets of nodes that showed a key, which joins only together with a name. */
function hostNames(
  located: readonly Located[],
  telling: readonly Located[],
  rootOf: (node: Node) => number,
): Map<number, string[]> {
  const keyed = telling.filter(
    ({ sighting: { kind } }) => kind === 'ssh.hostkey' || kind === 'tls.certificate',
  );
  const names = new Map(keyed.map(({ node }) => [rootOf(node), new Set<string>()]));
  if (names.size === 0) return new Map();
  for (const { sighting, node } of located) {
    const name = hostNameOf(sighting);
    if (name === null || !isTellingHostName(name)) continue;
    names.get(rootOf(node))?.add(name.split('.')[0]!.toLowerCase());
  }
  return new Map([...names].map(([root, set]) => [root, [...set].sort().slice(0, NAMES_PER_DEVICE)]));
}

function identifiersOf(sighting: Sighting, node: Node, names: readonly string[]): Shown[] {
  const shown = (key: string, rule: string, reason: string): Shown[] => [{ key, rule, reason, node }];
  switch (sighting.kind) {
    case 'dicom.equipment': {
      const f = sighting.facts as Facts['dicom.equipment'];
      if (!f.sentByCreator) return [];
      return serial(f.serial, f.manufacturer, f.model, f.stationName, shown);
    }
    case 'snmp.system': {
      const f = sighting.facts as Facts['snmp.system'];
      return serial(f.entitySerial, f.entityManufacturer, f.entityModel, undefined, shown);
    }
    case 'lldp.neighbour':
      return lldpIdentifiers(sighting.facts as Facts['lldp.neighbour'], shown);
    case 'cdp.neighbour':
      return cdpIdentifiers(sighting.facts as Facts['cdp.neighbour'], shown);
    case 'ssh.hostkey': {
      const { sha256 } = sighting.facts as Facts['ssh.hostkey'];
      return names.flatMap((name) =>
        shown(
          `ssh|${sha256}|${name}`,
          'ssh-hostkey',
          `Both show the same SSH host key and the name ${name}.`,
        ),
      );
    }
    case 'tls.certificate': {
      const { sha256, role } = sighting.facts as Facts['tls.certificate'];
      if (role !== 'server') return [];
      return names.flatMap((name) =>
        shown(`tls|${sha256}|${name}`, 'certificate', `Both show the same certificate and the name ${name}.`),
      );
    }
    default:
      return [];
  }
}

type Show = (key: string, rule: string, reason: string) => Shown[];

/** A serial number is unique only within its maker's model. */
function serial(
  number: string | undefined,
  maker: string | undefined,
  model: string | undefined,
  station: string | undefined,
  shown: Show,
): Shown[] {
  if (number === undefined || !usableSerial(number) || model === undefined) return [];
  const key = ['serial', maker ?? '', model, number, station ?? ''].map((part) => part.trim().toLowerCase());
  return shown(key.join('|'), 'serial', `Both name themselves ${model} with the serial number ${number}.`);
}

/** All ports of a switch announce the chassis they belong to (IEEE 802.1AB-2016 §8.5.2). */
function lldpIdentifiers(f: Facts['lldp.neighbour'], shown: Show): Shown[] {
  const found = serial(f.medSerial, f.medManufacturer, f.medModel, undefined, shown);
  const { chassisId } = f;
  if (chassisId === undefined || chassisId.length < 6 || isGroupChassis(chassisId)) return found;
  const key = `lldp|${chassisId.toLowerCase()}|${(f.systemName ?? '').toLowerCase()}`;
  return [...found, ...shown(key, 'lldp', `Both announce the chassis ${chassisId} by LLDP.`)];
}

/** All ports of a device announce its name; a name that many images have is no device's own. */
function cdpIdentifiers({ deviceId, platform }: Facts['cdp.neighbour'], shown: Show): Shown[] {
  if (deviceId === undefined || !isTellingHostName(deviceId)) return [];
  const key = `cdp|${deviceId.toLowerCase()}|${(platform ?? '').toLowerCase()}`;
  return shown(key, 'cdp', `Both announce themselves as ${deviceId} by CDP.`);
}

function isGroupChassis(id: string): boolean {
  return /^([0-9a-f]{2}:){5}/i.test(id) && (isMulticastMac(id) || id.startsWith('00:00:00:00'));
}

/** The management address and the chassis address that LLDP and CDP name are the announcing device's own. */
export function announcedAddressJoins(
  located: readonly Located[],
  nodes: ReadonlyMap<string, Node>,
): Proposal[] {
  const announced = located.filter(({ sighting }) => ANNOUNCEMENTS.has(sighting.kind));
  if (announced.length === 0) return [];
  const own = [...nodes.values()].filter((node) => node.place === 'own');
  const byIp = soleCards(own, (node) => node.endpoint.ip);
  const byMac = soleCards(own, (node) => node.endpoint.mac);
  const found = new Map<string, Proposal>();
  for (const { sighting, node } of announced) {
    const f = sighting.facts as Announced;
    const rule = sighting.kind === 'lldp.neighbour' ? 'lldp' : 'cdp';
    for (const other of [
      byIp.get(f.managementAddress ?? f.address ?? '-'),
      byMac.get((f.chassisId ?? '-').toLowerCase()),
    ]) {
      if (!other) continue;
      const reason = `${rule.toUpperCase()} names this address as the device’s own.`;
      found.set(`${node.key} ${other.key}`, proposal(node, other, rule, reason));
    }
  }
  return [...found.keys()].sort().map((key) => found.get(key)!);
}

const ANNOUNCEMENTS: ReadonlySet<string> = new Set(['cdp.neighbour', 'lldp.neighbour']);
type Announced = Partial<Facts['lldp.neighbour'] & Facts['cdp.neighbour']>;

/** The first node of each address; null where several network cards hold it. */
function soleCards(own: readonly Node[], address: (node: Node) => string | null): Map<string, Node | null> {
  const found = new Map<string, Node | null>();
  for (const node of own) {
    const key = address(node);
    if (key === null) continue;
    const known = found.get(key);
    if (known === undefined) found.set(key, node);
    else if (known !== null && known.endpoint.mac !== node.endpoint.mac) found.set(key, null);
  }
  return found;
}
