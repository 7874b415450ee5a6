import type { Facts, Sighting } from '@wardline/model';
import { compare } from './comparison.ts';
import { allIn, type PacketTree, valuesIn } from './packet-tree.ts';

const arpPacket = {
  protocol: 'arp',
  filter: 'arp && arp.hw.type == 1 && arp.proto.type == 0x0800',
  kind: 'arp.binding' as const,
};
const clientMessage = {
  protocol: 'dhcp',
  filter: 'dhcp',
  kind: 'dhcp.client' as const,
  subject: ({ subject }: Sighting) => subject.mac ?? '',
};
const ofClient = (field: string) => (packet: PacketTree) =>
  packet.has('dhcp.type', '1') ? packet.values(field) : [];
const hardware = (packet: PacketTree) => packet.first('dhcp.hw.mac_addr') ?? '';
const isReply = (packet: PacketTree) =>
  packet.has('dhcp.option.dhcp', '5') || packet.has('dhcp.option.dhcp', '2');
const server = (packet: PacketTree) => packet.first('dhcp.option.dhcp_server_id') ?? packet.source;
const lldp = {
  protocol: 'lldp',
  filter: 'lldp',
  kind: 'lldp.neighbour' as const,
  about: ({ sourceMac }: PacketTree) => sourceMac,
};
const lldpFields: [keyof Facts['lldp.neighbour'], string][] = [
  ['systemName', 'lldp.tlv.system.name'],
  ['systemDescription', 'lldp.tlv.system.desc'],
  ['portDescription', 'lldp.port.desc'],
  ['medManufacturer', 'lldp.media.manufacturer'],
  ['medModel', 'lldp.media.model'],
  ['medSerial', 'lldp.media.sn'],
  ['medHardware', 'lldp.media.hardware'],
  ['medFirmware', 'lldp.media.firmware'],
  ['medSoftware', 'lldp.media.software'],
];

/** Below IP and around addresses: ARP, DHCP, LLDP. */
export const network = [
  compare({ ...arpPacket, name: 'operation', fields: 'arp.opcode', theirs: arpOperations, about: arpSender }),
  compare({
    ...clientMessage,
    name: 'hostname',
    fields: 'dhcp.option.hostname',
    theirs: ofClient('dhcp.option.hostname'),
    about: hardware,
  }),
  compare({
    ...clientMessage,
    name: 'vendorClass',
    fields: 'dhcp.option.vendor_class_id',
    theirs: ofClient('dhcp.option.vendor_class_id'),
    about: hardware,
  }),
  compare({
    ...clientMessage,
    name: 'maxMessageSize',
    fields: 'dhcp.option.dhcp_max_message_size',
    theirs: ofClient('dhcp.option.dhcp_max_message_size'),
    about: hardware,
  }),
  compare({
    ...clientMessage,
    name: 'parameterList',
    fields: 'dhcp.option.request_list_item',
    theirs: (packet) => [ofClient('dhcp.option.request_list_item')(packet).join(',')],
    about: hardware,
  }),
  compare({
    protocol: 'dhcp',
    filter: 'dhcp',
    kind: 'dhcp.lease',
    name: 'server',
    fields: 'dhcp.option.dhcp_server_id',
    theirs: (packet) =>
      packet.has('dhcp.option.dhcp', '5') ? packet.values('dhcp.option.dhcp_server_id') : [],
    about: leaseholder,
  }),
  compare({
    protocol: 'dhcp',
    filter: 'dhcp',
    kind: 'dhcp.lease',
    name: 'leaseSeconds',
    fields: 'dhcp.option.ip_address_lease_time',
    theirs: (packet) =>
      packet.has('dhcp.option.dhcp', '5') ? packet.values('dhcp.option.ip_address_lease_time') : [],
    about: leaseholder,
  }),
  ...(
    [
      ['routers', 'dhcp.option.router'],
      ['dnsServers', 'dhcp.option.domain_name_server'],
      ['domain', 'dhcp.option.domain_name'],
      ['subnetMask', 'dhcp.option.subnet_mask'],
    ] as const
  ).map(([name, field]) =>
    compare({
      protocol: 'dhcp',
      filter: 'dhcp',
      kind: 'dhcp.server',
      name,
      fields: field,
      theirs: (packet) => (isReply(packet) ? packet.values(field) : []),
      about: server,
    }),
  ),
  ...lldpFields.map(([name, field]) => compare({ ...lldp, name, fields: field })),
  compare({
    ...lldp,
    name: 'chassisId',
    fields: 'lldp.chassis.id*',
    theirs: (packet) => identifier(packet, 'lldp.chassis.id'),
  }),
  compare({
    ...lldp,
    name: 'portId',
    fields: 'lldp.port.id*',
    theirs: (packet) => identifier(packet, 'lldp.port.id'),
  }),
  compare({
    ...lldp,
    name: 'portVlan',
    fields: 'lldp.ieee.802_1.port_vlan.id',
    theirs: (packet) => packet.values('lldp.ieee.802_1.port_vlan.id').filter((id) => id !== '0'),
  }),
];

function arpSender(packet: PacketTree): string {
  const ip = packet.first('arp.src.proto_ipv4') ?? '';
  return ip === '0.0.0.0' ? (packet.first('arp.src.hw_mac') ?? '') : ip;
}

/** RFC 5227 §1.1 by tshark's fields. */
function arpOperations(packet: PacketTree): string[] {
  const [operation = ''] = packet.values('arp.opcode');
  const sender = packet.first('arp.src.proto_ipv4');
  if (operation !== '1' && operation !== '2') return [];
  if (sender === '0.0.0.0') return operation === '1' ? ['probe'] : [];
  if (sender === packet.first('arp.dst.proto_ipv4')) return ['announcement'];
  return [operation === '1' ? 'request' : 'reply'];
}

function leaseholder(packet: PacketTree): string {
  const given = packet.first('dhcp.ip.your') ?? '';
  return given === '0.0.0.0' ? (packet.first('dhcp.ip.client') ?? '') : given;
}

function identifier(packet: PacketTree, field: string): string[] {
  const [tlv] = packet
    .all('lldp')
    .flatMap((layer) => layer.fields)
    .filter((found) => allIn(found, `${field.slice(0, -3)}.subtype`).length > 0);
  return ['.mac', '.ip4', '.ip6', ''].flatMap((suffix) => valuesIn(tlv, `${field}${suffix}`)).slice(0, 1);
}
