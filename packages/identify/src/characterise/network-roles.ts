import { nounOf, withArticle } from '@wardline/knowledge';
import type { FactKind, Facts, Sighting, Strength } from '@wardline/model';
import { isPublicIp } from '../addresses.ts';
import { groundOfAll } from './claim-book.ts';
import { type Subject, sightingsOf } from './subject.ts';

/** What it does in the network shows what it is: services answered, packets passed on, capabilities announced. */
export function claimNetworkRoles(subject: Subject): void {
  claimRouting(subject);
  claimOutside(subject);
  claimCapabilities(subject);
  claimAnswers(subject);
}

function role(
  subject: Subject,
  grounds: readonly Sighting[],
  value: string,
  strength: Strength,
  group: string,
  reason: string,
): void {
  if (grounds.length === 0) return;
  subject.book.add(
    { attribute: 'class', value, source: grounds[0]!.kind, strength, group, reason },
    groundOfAll(grounds),
  );
}

/** From so many addresses on there is no doubt that it is a router. */
const CERTAIN_ROUTES = 3;

function claimRouting(subject: Subject): void {
  const { routes, macs } = subject.group;
  if (routes === 0) return;
  const ground = groundOfGroup(subject);
  if (ground === null) return;
  const reason = `Its network card ${macs[0] ?? ''} passed on packets of ${routes} other ${routes === 1 ? 'address' : 'addresses'}.`;
  const strength = routes >= CERTAIN_ROUTES ? 'strong' : 'medium';
  subject.book.add(
    { attribute: 'class', value: 'router', source: 'routing', strength, group: 'routing', reason },
    ground,
  );
}

/** When and where the group was seen at all. */
export function groundOfGroup(subject: Subject) {
  if (subject.sightings.length > 0) return groundOfAll(subject.sightings);
  const [conversation] = [...subject.asServer, ...subject.asClient];
  const join = subject.group.joins.find((entry) => entry.evidence.length > 0);
  if (conversation !== undefined) {
    const { firstSeen, lastSeen, evidence } = conversation;
    return { firstSeen, lastSeen, count: 1, evidence: [evidence] };
  }
  return join === undefined
    ? { firstSeen: 0, lastSeen: 0, count: 1, evidence: [] }
    : { firstSeen: 0, lastSeen: 0, count: 1, evidence: join.evidence };
}

function claimOutside(subject: Subject): void {
  const { macs, endpoints } = subject.group;
  const ips = endpoints.flatMap((endpoint) => endpoint.ip ?? []);
  if (macs.length > 0 || ips.length === 0 || !ips.every(isPublicIp)) return;
  const ground = groundOfGroup(subject);
  if (ground === null) return;
  const reason = 'It has a public address and was only seen through a router.';
  subject.book.add(
    {
      attribute: 'class',
      value: 'external-host',
      source: 'address',
      strength: 'strong',
      group: 'address',
      reason,
    },
    ground,
  );
}

/** LLDP capabilities (IEEE 802.1AB-2016 §8.5.8), the most telling first. */
const CAPABILITY_CLASS: readonly (readonly [RegExp, string, Strength])[] = [
  [/telephone/i, 'voip-phone', 'strong'],
  [/wlan|access.?point/i, 'access-point', 'strong'],
  [/router/i, 'router', 'medium'],
  [/bridge|switch/i, 'switch', 'strong'],
];

/** CDP capabilities: switches that route call themselves both. */
const CDP_CLASS: readonly (readonly [RegExp, string, Strength])[] = [
  [/telephone/, 'voip-phone', 'strong'],
  [/switch/, 'switch', 'strong'],
  [/router/, 'router', 'medium'],
];

function claimCapabilities(subject: Subject): void {
  for (const kind of ['lldp.neighbour', 'cdp.neighbour'] as const) {
    claimAnnounced(subject, kind, kind === 'lldp.neighbour' ? CAPABILITY_CLASS : CDP_CLASS);
  }
}

function claimAnnounced(
  subject: Subject,
  kind: 'lldp.neighbour' | 'cdp.neighbour',
  classes: typeof CAPABILITY_CLASS,
): void {
  const protocol = kind === 'lldp.neighbour' ? 'LLDP' : 'CDP';
  for (const sighting of sightingsOf(subject, kind)) {
    const capabilities = (sighting.facts.capabilities ?? []).join(' ');
    const found = classes.find(([pattern]) => pattern.test(capabilities));
    if (found === undefined) continue;
    const [, value, strength] = found;
    role(
      subject,
      [sighting],
      value,
      strength,
      protocol.toLowerCase(),
      `It announces by ${protocol} that it is ${withArticle(nounOf(subject.knowledge.taxonomy.label(value)))}.`,
    );
  }
}

interface Answer {
  kind: FactKind;
  test?: (facts: never) => boolean;
  value: string;
  strength: Strength;
  reason: string;
}

type Advert = Facts['ble.advert'];

function advertises({ services = [], appearance }: Advert, ...names: string[]): boolean {
  return names.some((name) => services.includes(name) || appearance === name);
}

const ANSWERS: readonly Answer[] = [
  {
    kind: 'dhcp.server',
    value: 'dhcp-dns-server',
    strength: 'medium',
    reason: 'It hands out addresses by DHCP.',
  },
  {
    kind: 'dhcpv6.server',
    value: 'dhcp-dns-server',
    strength: 'weak',
    reason: 'It hands out addresses by DHCPv6, or passes on what a server says.',
  },
  {
    kind: 'dhcpv6.prefix',
    value: 'router',
    strength: 'medium',
    reason: 'A network was given to it to route.',
  },
  { kind: 'dns.server', value: 'dhcp-dns-server', strength: 'medium', reason: 'It answers DNS queries.' },
  {
    kind: 'ndp.router',
    test: (f: { lifetimeSeconds: number }) => f.lifetimeSeconds > 0,
    value: 'router',
    strength: 'medium',
    reason: 'It offers itself to hosts as their IPv6 router.',
  },
  {
    kind: 'ptp.clock',
    test: (f: { role: string; clockId: string; grandmaster?: string }) =>
      f.role === 'master' && f.clockId === f.grandmaster,
    value: 'time-server',
    strength: 'medium',
    reason: 'It gives precise time to others as their grandmaster.',
  },
  {
    kind: 'mld.querier',
    value: 'router',
    strength: 'weak',
    reason: 'It asks a link which groups of IPv6 are listened to.',
  },
  { kind: 'stp.bridge', value: 'switch', strength: 'medium', reason: 'It takes part in the spanning tree.' },
  { kind: 'vrrp.router', value: 'router', strength: 'medium', reason: 'It stands in for a virtual router.' },
  { kind: 'hsrp.router', value: 'router', strength: 'medium', reason: 'It stands in for a virtual router.' },
  {
    kind: 'rtsp.agent',
    test: (f: { role: string }) => f.role === 'server',
    value: 'camera',
    strength: 'weak',
    reason: 'It offers streams of pictures or sound by RTSP.',
  },
  { kind: 'mqtt.server', value: 'mqtt-broker', strength: 'medium', reason: 'It accepts MQTT connections.' },
  {
    kind: 'ntp.role',
    test: (f: { role: string }) => f.role === 'server',
    value: 'time-server',
    strength: 'medium',
    reason: 'It gives the time to others.',
  },
  {
    kind: 'http.api',
    test: (f: { api: string }) => f.api === 'dicomweb',
    value: 'pacs',
    strength: 'medium',
    reason: 'It offers images by DICOMweb.',
  },
  {
    kind: 'http.api',
    test: (f: { api: string }) => f.api === 'fhir',
    value: 'clinical-server',
    strength: 'medium',
    reason: 'It offers clinical data by FHIR.',
  },
  {
    kind: 'wifi.network',
    value: 'access-point',
    strength: 'medium',
    reason: 'It sends the beacons of a wireless network.',
  },
  {
    kind: 'wifi.device',
    test: (f: { category?: string }) => f.category === 'printer',
    value: 'printer',
    strength: 'medium',
    reason: 'It says by Wi-Fi Protected Setup that it is a printer.',
  },
  {
    kind: 'ble.advert',
    test: (f: Advert) => advertises(f, 'glucose', 'continuous-glucose'),
    value: 'glucometer',
    strength: 'medium',
    reason: 'It advertises blood sugar by Bluetooth.',
  },
  {
    kind: 'ble.advert',
    test: (f: Advert) => advertises(f, 'insulin-delivery', 'medication-delivery'),
    value: 'infusion-pump',
    strength: 'medium',
    reason: 'It advertises by Bluetooth that it gives insulin or other drugs.',
  },
  {
    kind: 'ble.advert',
    test: (f: Advert) => advertises(f, 'pulse-oximeter', 'blood-pressure', 'thermometer'),
    value: 'vital-signs',
    strength: 'medium',
    reason: 'It advertises vital signs by Bluetooth.',
  },
  {
    kind: 'network.tunnel',
    test: (f: { tunnel: string }) => f.tunnel.startsWith('erspan'),
    value: 'switch',
    strength: 'medium',
    reason: 'It mirrors the traffic of its ports to a sensor (ERSPAN).',
  },
  { kind: 'radius.server', value: 'server', strength: 'medium', reason: 'It answers RADIUS requests.' },
  { kind: 'http.server', value: 'web-server', strength: 'weak', reason: 'It answers HTTP requests.' },
  { kind: 'snmp.manager', value: 'server', strength: 'medium', reason: 'It manages other devices by SNMP.' },
  {
    kind: 'ldap.server',
    test: (f: { functionalLevel?: number; site?: string }) =>
      f.functionalLevel !== undefined || f.site !== undefined,
    value: 'domain-controller',
    strength: 'strong',
    reason: 'It answers for a Windows domain by LDAP.',
  },
  {
    kind: 'kerberos.server',
    value: 'domain-controller',
    strength: 'medium',
    reason: 'It gives out Kerberos tickets.',
  },
  { kind: 'mail.server', value: 'mail-server', strength: 'medium', reason: 'It takes or hands out mail.' },
  { kind: 'amqp.server', value: 'server', strength: 'medium', reason: 'It passes messages on by AMQP.' },
  { kind: 'rpc.server', value: 'file-server', strength: 'medium', reason: 'It offers files by NFS.' },
  { kind: 'database.server', value: 'database-server', strength: 'medium', reason: 'It runs a database.' },
  { kind: 'ldap.server', value: 'server', strength: 'weak', reason: 'It answers directory queries by LDAP.' },
  {
    kind: 'smb.host',
    test: (f: { role: string }) => f.role === 'server',
    value: 'file-server',
    strength: 'weak',
    reason: 'It offers files by SMB.',
  },
];

/** Roles of the network's own are no services of a machine, and count beside them. */
const GROUPED_ALONE: ReadonlySet<FactKind> = new Set<FactKind>([
  'dhcp.server',
  'dhcpv6.prefix',
  'dhcpv6.server',
  'dns.server',
  'ndp.router',
]);

function claimAnswers(subject: Subject): void {
  for (const { kind, test, value, strength, reason } of ANSWERS) {
    const grounds = sightingsOf(subject, kind).filter((s) => test === undefined || test(s.facts as never));
    const group = GROUPED_ALONE.has(kind) ? kind.replace('.', '-') : 'services';
    role(subject, grounds, value, strength, group, reason);
  }
}
