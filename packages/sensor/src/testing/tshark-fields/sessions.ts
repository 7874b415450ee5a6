import { compare, type FieldComparison } from './comparison.ts';
import { computedJa4, rawHello } from './computed-ja4.ts';
import { allIn, type Field, type PacketTree, valuesIn } from './packet-tree.ts';

const target = (packet: PacketTree) => packet.target;
/** Handshake messages of a type, by tshark's subtree of each. */
const handshakes = (packet: PacketTree, type: string): Field[] =>
  ['tls.handshake', 'dtls.handshake']
    .flatMap((name) => packet.all(name))
    .filter(
      (message) =>
        [...valuesIn(message, 'tls.handshake.type'), ...valuesIn(message, 'dtls.handshake.type')][0] === type,
    );
const inHello = (type: string, field: string) => (packet: PacketTree) =>
  handshakes(packet, type).flatMap((hello) => valuesIn(hello, field));
const client = { protocol: 'tls', filter: 'tls.handshake || dtls.handshake', kind: 'tls.client' as const };
const certificate = {
  protocol: 'tls',
  filter: 'tls.handshake.certificate',
  kind: 'tls.certificate' as const,
};
const unlessSsdp = (field: string) => (packet: PacketTree) =>
  packet.has('ssdp') ? [] : packet.values(field);
const http = { protocol: 'http', filter: 'http && !ssdp' };
const lower = (values: string[]) => values.map((value) => value.toLowerCase());

/** Protocols in TCP streams: TLS, SSH, HTTP, FTP, MQTT, DICOM, HL7. */
export const sessions: FieldComparison[] = [
  compare({ ...client, name: 'ja3', fields: 'tls.handshake.ja3', theirs: inHello('1', 'tls.handshake.ja3') }),
  compare({ ...client, name: 'ja4', fields: 'computed from raw fields', theirs: computedOf }),
  compare({
    ...client,
    name: 'sni',
    fields: 'tls.handshake.extensions_server_name',
    theirs: inHello('1', 'tls.handshake.extensions_server_name'),
  }),
  compare({
    ...client,
    name: 'alpn',
    fields: 'tls.handshake.extensions_alpn_str',
    theirs: inHello('1', 'tls.handshake.extensions_alpn_str'),
  }),
  compare({
    ...client,
    kind: 'tls.server',
    name: 'ja3s',
    fields: 'tls.handshake.ja3s',
    theirs: inHello('2', 'tls.handshake.ja3s'),
  }),
  compare({
    ...certificate,
    name: 'serial',
    fields: 'x509af.serialNumber',
    theirs: (packet) =>
      leaves(packet)
        .flatMap((leaf) => valuesIn(leaf, 'x509af.serialNumber'))
        .map((serial) => digits(serial.replaceAll(':', '').replace(/^0x/, ''))),
    ours: (value) => [digits(String(value))],
  }),
  compare({
    ...certificate,
    name: 'notAfter',
    fields: 'x509af.utcTime, x509af.generalizedTime',
    theirs: (packet) =>
      leaves(packet)
        .flatMap((leaf) => allIn(leaf, 'x509af.notAfter'))
        .flatMap((time) => [...valuesIn(time, 'x509af.utcTime'), ...valuesIn(time, 'x509af.generalizedTime')])
        .map(isoTime),
    ours: (value) => [String(value).replace('.000Z', '')],
  }),
  compare({ protocol: 'ssh', filter: 'ssh', kind: 'ssh.software', name: 'banner', fields: 'ssh.protocol' }),
  compare({
    protocol: 'ssh',
    filter: 'ssh',
    kind: 'ssh.software',
    name: 'hassh',
    fields: 'ssh.kex.hassh, ssh.kex.hasshserver',
    theirs: (packet) => [...packet.values('ssh.kex.hassh'), ...packet.values('ssh.kex.hasshserver')],
  }),
  compare({
    ...http,
    kind: 'http.server',
    name: 'server',
    fields: 'http.server',
    theirs: unlessSsdp('http.server'),
  }),
  compare({
    ...http,
    kind: 'http.client',
    name: 'userAgent',
    fields: 'http.user_agent',
    theirs: unlessSsdp('http.user_agent'),
  }),
  compare({
    ...http,
    kind: 'http.host',
    name: 'host',
    fields: 'http.host',
    about: target,
    theirs: hostNames,
    ours: (value) => lower([String(value)]),
  }),
  compare({
    protocol: 'ftp',
    filter: 'ftp',
    kind: 'ftp.server',
    name: 'system',
    fields: 'ftp.response.arg (215)',
    theirs: (packet) => (packet.has('ftp.response.code', '215') ? packet.values('ftp.response.arg') : []),
  }),
  compare({
    protocol: 'mqtt',
    filter: 'mqtt',
    kind: 'mqtt.client',
    name: 'clientId',
    fields: 'mqtt.clientid',
  }),
  compare({
    protocol: 'mqtt',
    filter: 'mqtt',
    kind: 'mqtt.client',
    name: 'version',
    fields: 'mqtt.ver',
    theirs: (packet) =>
      packet
        .values('mqtt.ver')
        .map((level) => ({ 3: '3.1', 4: '3.1.1', 5: '5' })[Number(level) & 0x7f] ?? level),
  }),
  ...(['requestor', 'acceptor'] as const).map((role) =>
    compare({
      protocol: 'dicom',
      filter: 'dicom',
      kind: 'dicom.association',
      name: 'aeTitle',
      fields: role === 'requestor' ? 'dicom.assoc.ae.calling' : 'dicom.assoc.ae.called',
      only: (facts) => facts.role === role,
      about: role === 'requestor' ? ({ source }) => source : target,
      theirs: (packet) =>
        packet.has('dicom.pdu.type', '0x01')
          ? packet.values(role === 'requestor' ? 'dicom.assoc.ae.calling' : 'dicom.assoc.ae.called')
          : [],
    }),
  ),
  compare({
    protocol: 'dicom',
    filter: 'dicom',
    kind: 'dicom.association',
    name: 'implementationVersion',
    fields: 'dicom.userinfo.version',
  }),
  compare({
    protocol: 'hl7',
    filter: 'hl7',
    kind: 'hl7.endpoint',
    name: 'messageTypes',
    fields: 'hl7.message.type, hl7.event.type',
    only: (facts) => facts.role === 'sender',
    theirs: (packet) => packet.values('hl7.message.type').map((type) => type.split(/[\^ ]/)[0] ?? ''),
    ours: (value) => (value as string[]).map((type) => type.split('^')[0] ?? ''),
  }),
];

function computedOf(packet: PacketTree): string[] {
  const inQuic = packet.fields.some(({ name }) => name === 'quic');
  return handshakes(packet, '1')
    .map((hello) => rawHello(hello, hello.name === 'dtls.handshake' ? 'd' : inQuic ? 'q' : 't'))
    .filter((hello) => hello.ciphers.length > 0)
    .map(computedJa4);
}

/** Names only: that a host is spoken to under its address says nothing of it. */
function hostNames(packet: PacketTree): string[] {
  return lower(unlessSsdp('http.host')(packet))
    .map((host) => host.replace(/:\d*$/, ''))
    .filter((host) => !/^[\d.]+$|^localhost$|^\[/.test(host));
}

/** The first certificate of each message is its sender's. */
function leaves(packet: PacketTree): Field[] {
  return packet
    .all('tls.handshake.certificates')
    .flatMap((list) => allIn(list, 'tls.handshake.certificate').slice(0, 1));
}

function digits(serial: string): string {
  return serial.toLowerCase().replace(/^0+(?=.)/, '');
}

/** `2015-12-31 23:59:59 (UTC)`, or `Sep  1, 2025 13:33:37.000000000 UTC` */
function isoTime(time: string): string {
  return new Date(time.replace(' (UTC)', ' UTC').replace(/\.\d+/, '')).toISOString().replace('.000Z', '');
}
