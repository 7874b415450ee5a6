import type { Sighting } from '@wardline/model';
import { compare, type FieldComparison, stated } from './comparison.ts';
import { type Field, type PacketTree, valuesIn } from './packet-tree.ts';

const speaks = (packet: PacketTree, ...protocols: string[]) =>
  packet.fields.some(({ name }) => protocols.includes(name));
const isResponse = (packet: PacketTree) => packet.has('dns.flags.response', '1');
const isAnswer = (packet: PacketTree) => speaks(packet, 'dns') && isResponse(packet);

/** Names and addresses: DNS, mDNS, LLMNR, NTP, SSDP, SNMP. */
export const names: FieldComparison[] = [
  compare({
    protocol: 'dns',
    filter: 'dns && !mdns && !llmnr',
    kind: 'dns.server',
    name: 'recursive',
    fields: 'dns.flags.recavail',
    theirs: (packet) =>
      isAnswer(packet) ? packet.values('dns.flags.recavail').map((flag) => String(flag === '1')) : [],
  }),
  {
    protocol: 'dns',
    fact: 'dns.name name',
    fields: 'dns.a, dns.aaaa',
    filter: 'dns && !mdns && !llmnr',
    theirs: (packet) =>
      isAnswer(packet) ? answered(packet, 'Answers').filter(({ about }) => isPrivate(about)) : [],
    ours: (sighting) => addressName(sighting),
  },
  {
    protocol: 'mdns',
    fact: 'mdns.host name',
    fields: 'dns.a, dns.aaaa',
    filter: 'mdns || llmnr',
    theirs: (packet) =>
      speaks(packet, 'mdns', 'llmnr') && isResponse(packet)
        ? [...answered(packet, 'Answers'), ...answered(packet, 'Additional records')]
        : [],
    ours: ({ kind, subject, facts }) =>
      kind === 'mdns.host' ? stated(subject.ip ?? '', [(facts as { name: string }).name]) : [],
  },
  ...(['server', 'client'] as const).map((role) =>
    compare({
      protocol: 'ntp',
      filter: 'ntp.flags.mode',
      kind: 'ntp.role',
      name: 'version',
      fields: `ntp.flags.vn (${role})`,
      only: (facts) => facts.role === role,
      theirs: (packet) =>
        (role === 'client' ? ['1', '3'] : ['2', '4', '5']).includes(packet.first('ntp.flags.mode') ?? '')
          ? packet.values('ntp.flags.vn')
          : [],
    }),
  ),
  compare({
    protocol: 'ntp',
    filter: 'ntp.flags.mode',
    kind: 'ntp.role',
    name: 'stratum',
    fields: 'ntp.stratum',
    theirs: (packet) =>
      ['2', '4', '5'].includes(packet.first('ntp.flags.mode') ?? '')
        ? packet.values('ntp.stratum').filter((stratum) => stratum !== '0')
        : [],
  }),
  ...(['server', 'usn', 'type'] as const).map((name) =>
    compare({
      protocol: 'ssdp',
      filter: 'ssdp',
      kind: 'ssdp.device',
      name,
      fields: 'http.unknown_header',
      theirs: (packet) => ssdpHeader(packet, name),
    }),
  ),
  ...(
    [
      ['sysDescr', '1.3.6.1.2.1.1.1.0'],
      ['sysObjectId', '1.3.6.1.2.1.1.2.0'],
      ['sysName', '1.3.6.1.2.1.1.5.0'],
      ['sysLocation', '1.3.6.1.2.1.1.6.0'],
    ] as const
  ).map(([name, id]) =>
    compare({
      protocol: 'snmp',
      filter: 'snmp.name',
      kind: 'snmp.system',
      name,
      fields: 'snmp.value.*',
      theirs: (packet) => bound(packet, id),
    }),
  ),
];

function addressName({ kind, subject, facts }: Sighting): { about: string; value: string }[] {
  if (kind !== 'dns.name' || (facts as { type: string }).type === 'PTR' || !isPrivate(subject.ip ?? ''))
    return [];
  return stated(subject.ip ?? '', [(facts as { name: string }).name]);
}

function answered(packet: PacketTree, section: string): { about: string; value: string }[] {
  const layers = packet.fields.filter(({ name }) => name === 'dns' || name === 'mdns' || name === 'llmnr');
  const records = layers.flatMap((layer) =>
    layer.fields.filter(({ name, value }) => name === '' && value === section),
  );
  return records
    .flatMap((found) => found.fields)
    .flatMap((record) =>
      [...valuesIn(record, 'dns.a'), ...valuesIn(record, 'dns.aaaa')].flatMap((address) =>
        stated(address, valuesIn(record, 'dns.resp.name').slice(0, 1)),
      ),
    );
}

/** What the inventory is of; the sensor also keeps public names of the network it stands in, which are not compared. */
function isPrivate(ip: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd]..:|fe[89ab].:)/.test(
    ip,
  );
}

function ssdpHeader(packet: PacketTree, name: 'server' | 'usn' | 'type'): string[] {
  const method = packet.first('http.request.method');
  if (!speaks(packet, 'ssdp')) return [];
  if (method === 'M-SEARCH') return [];
  if (name === 'server') return packet.values('http.server');
  const wanted = name === 'type' ? (method === 'NOTIFY' ? 'nt' : 'st') : name;
  const lines = packet.fields.flatMap((layer) => layer.fields).map(lineOf);
  const found = lines.find(([key]) => key === wanted)?.[1];
  return found === undefined ? [] : [found];
}

function lineOf(field: Field): [string, string] {
  const text = field.value.replace(/\\r\\n$/, '');
  const colon = text.indexOf(':');
  return [text.slice(0, Math.max(0, colon)).trim().toLowerCase(), text.slice(colon + 1).trim()];
}

function bound(packet: PacketTree, id: string): string[] {
  const [operation] = packet.all('snmp.data').map(({ value }) => value);
  if (operation !== '2' && operation !== '4' && operation !== '7') return [];
  const bindings = packet.all('snmp.variable_bindings').flatMap(({ fields }) => fields);
  return bindings
    .filter((binding) => valuesIn(binding, 'snmp.name')[0] === id)
    .flatMap((binding) => [...textOf(binding), ...valuesIn(binding, 'snmp.value.oid')]);
}

/** tshark prints octets in hexadecimal. */
function textOf(binding: Field): string[] {
  return valuesIn(binding, 'snmp.value.octets').map((hex) =>
    /^[0-9a-f:]*$/i.test(hex) ? Buffer.from(hex.replaceAll(':', ''), 'hex').toString('utf8') : hex,
  );
}
