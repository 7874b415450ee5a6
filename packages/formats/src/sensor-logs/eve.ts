import { type Conversation, parseMicros } from '@wardline/model';
import { applicationOf, protectionOf, tlsProtection } from './applications.ts';
import type { LogBook, Setting } from './book.ts';
import { FieldFault, Row } from './row.ts';
import { parseObject } from './zeek.ts';
import { given, stateNames } from './zeek-statements.ts';

type Statement = (row: Row, setting: Setting, book: LogBook) => void;

const TRANSPORTS: Readonly<Record<string, string>> = {
  'IPV6-ICMP': 'icmpv6',
  ICMPV6: 'icmpv6',
};

/** Reads one line of Suricata's EVE. Throws a {@link FieldFault} where it does not fit. */
export function eveLine(text: string, line: number, book: LogBook): void {
  if (text === '') return;
  const row = new Row(parseObject(text));
  const type = row.text('event_type');
  if (type === undefined) throw new FieldFault('event_type', 'a kind of event');
  if (type === 'anomaly')
    book.dropped(`anomaly-${row.text('anomaly.event') ?? row.text('anomaly.type') ?? 'unnamed'}`);
  const state = statements.get(type);
  if (state === undefined || row.value('src_ip') === undefined) return;
  state(row, settingOf(row, type, line), book);
}

/** Flows and requests are written from the client's side; `ether` holds all cards that sent for a side. */
function settingOf(row: Row, type: string, line: number): Setting {
  const proto = (row.text('proto') ?? '').toUpperCase();
  const transport = TRANSPORTS[proto] ?? proto.toLowerCase();
  if (!/^(tcp|udp|icmp|icmpv6|sctp)$/.test(transport)) throw new FieldFault('proto', 'a transport');
  const [tag] = row.list('vlan');
  const vlan = typeof tag === 'number' && tag >= 0 && tag <= 4094 ? tag : null;
  const source = { mac: cardOf(row, 'src'), ip: row.ip('src_ip') ?? null, vlan };
  const target = { mac: cardOf(row, 'dest'), ip: row.ip('dest_ip') ?? null, vlan };
  const port = (name: string) => (transport.startsWith('icmp') ? null : (row.port(name) ?? null));
  const time = timeOf(row, type === 'flow' ? 'flow.start' : 'timestamp');
  const answer = isAnswer(row, type);
  return answer
    ? { client: target, server: source, transport, port: port('src_port'), time, line }
    : { client: source, server: target, transport, port: port('dest_port'), time, line };
}

/** A DNS answer is written from its sender's side by versions that log it apart from its question. */
function isAnswer(row: Row, type: string): boolean {
  return type === 'dns' && row.text('dns.type') === 'answer' && row.port('src_port') === 53;
}

function cardOf(row: Row, side: 'src' | 'dest'): string | null {
  const [first] = row.texts(`ether.${side}_macs`);
  const single = row.mac(`ether.${side}_mac`);
  return single ?? (first === undefined ? null : new Row({ first }).mac('first'));
}

function timeOf(row: Row, name: string): number {
  const text = row.text(name);
  const time = text === undefined ? null : parseMicros(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (time === null || time < 0) throw new FieldFault(name, 'a time');
  return time;
}

const flow: Statement = (row, setting, book) => {
  const application = applicationOf(row.text('app_proto'));
  const packetsFromClient = row.count('flow.pkts_toserver');
  const packetsFromServer = row.count('flow.pkts_toclient');
  const syn = row.flag('tcp.syn');
  book.conversation(setting, {
    packetsFromClient,
    packetsFromServer,
    bytesFromClient: row.count('flow.bytes_toserver'),
    bytesFromServer: row.count('flow.bytes_toclient'),
    connections: outcome(row, setting, packetsFromClient > 0 && packetsFromServer > 0),
    basis: setting.transport === 'tcp' && syn ? 'syn' : application === null ? 'port' : 'protocol',
    lastSeen: row.value('flow.end') === undefined ? setting.time : timeOf(row, 'flow.end'),
    application,
    protection: protectionOf(application),
  });
};

function outcome(row: Row, { transport }: Setting, both: boolean): Conversation['connections'] {
  const none = { opened: 0, established: 0, refused: 0, unanswered: 0, closed: 0, reset: 0 };
  if (transport.startsWith('icmp')) return none;
  if (transport !== 'tcp') return { ...none, opened: 1, established: both ? 1 : 0 };
  const state = row.text('tcp.state') ?? '';
  const reset = row.flag('tcp.rst') ? 1 : 0;
  const isNew = state === 'syn_sent' || row.text('flow.state') === 'new';
  if (isNew) return { ...none, opened: 1, unanswered: both ? 0 : 1, reset };
  // A SYN that was answered by RST alone: nothing was ever acknowledged with a SYN.
  const refused = reset === 1 && row.count('flow.pkts_toclient') <= 1 && row.count('flow.pkts_toserver') <= 1;
  if (refused) return { ...none, opened: 1, refused: 1 };
  return { ...none, opened: 1, established: both ? 1 : 0, closed: row.flag('tcp.fin') ? 1 : 0, reset };
}

const dns: Statement = (row, setting, book) => {
  const type = row.text('dns.type');
  if (type !== 'answer' && type !== 'response') return;
  book.sight('dns.server', 'server', { recursive: row.flag('dns.ra') }, setting);
  for (const answer of row.rows('dns.answers')) {
    const kind = answer.text('rrtype');
    const name = answer.text('rrname');
    if (name === undefined || (kind !== 'A' && kind !== 'AAAA')) continue;
    stateNames(name, kind, answer.texts('rdata'), setting, book);
  }
};

const http: Statement = (row, setting, book) => {
  const [userAgent, host] = [row.text('http.http_user_agent'), row.text('http.hostname')];
  const server = row
    .rows('http.response_headers')
    .find((header) => /^server$/i.test(header.text('name') ?? ''));
  if (userAgent !== undefined) book.sight('http.client', 'client', { userAgent }, setting);
  if (host !== undefined) book.sight('http.host', 'server', { host }, setting);
  const product = server?.text('value') ?? row.text('http.server');
  if (product !== undefined) book.sight('http.server', 'server', { server: product }, setting);
};

const tls: Statement = (row, setting, book) => {
  const version = row.text('tls.version');
  const protection = tlsProtection(version);
  if (protection !== 'unknown') book.protects(setting, 'tls', protection);
  const [ja3, ja4] = [row.text('tls.ja3.hash'), row.text('tls.ja4')];
  if (ja3 === undefined || ja4 === undefined || version === undefined) return;
  const sni = row.text('tls.sni');
  book.sight(
    'tls.client',
    'client',
    given({ version, ja3, ja4, sni }) as { version: string; ja3: string; ja4: string },
    setting,
  );
};

const ssh: Statement = (row, setting, book) => {
  for (const role of ['client', 'server'] as const) {
    const [protocol, product] = [
      row.text(`ssh.${role}.proto_version`),
      row.text(`ssh.${role}.software_version`),
    ];
    if (product === undefined) continue;
    book.sight('ssh.software', role, { role, banner: `SSH-${protocol ?? '2.0'}-${product}` }, setting);
  }
  book.protects(setting, 'ssh', row.text('ssh.server.proto_version')?.startsWith('1.5') ? 'ssh1' : 'ssh2');
};

const dhcp: Statement = (row, setting, book) => {
  const mac = row.mac('dhcp.client_mac');
  const hostname = row.text('dhcp.hostname');
  if (mac === null) return;
  const client = { mac, ip: null, vlan: setting.client.vlan };
  const vendorClass = row.text('dhcp.vendor_class_identifier');
  const isRequest = row.text('dhcp.type') === 'request';
  if (isRequest && (hostname ?? vendorClass) !== undefined) {
    book.sight('dhcp.client', client, given({ hostname, vendorClass }), setting);
  }
  if (row.text('dhcp.dhcp_type') !== 'ack') return;
  const ip = row.ip('dhcp.assigned_ip');
  const leaseSeconds = row.number('dhcp.lease_time');
  const answering = isRequest ? setting.server : setting.client;
  if (ip === undefined || ip === '0.0.0.0' || answering.ip === null) return;
  const facts = given({ server: answering.ip, leaseSeconds, hostname }) as { server: string };
  book.sight('dhcp.lease', { ...client, ip }, facts, setting);
};

const snmp: Statement = (row, setting, book) => {
  const number = row.text('snmp.version');
  const version = number === '1' ? '1' : number === '2' ? '2c' : number === '3' ? '3' : null;
  if (version === null) return;
  const operation = /set/.test(row.text('snmp.pdu_type') ?? '') ? 'set' : 'get';
  if (!/response|trap/.test(row.text('snmp.pdu_type') ?? '')) {
    book.sight('snmp.manager', 'client', { version, operation }, setting);
  }
  const secret = row.secret('snmp.community');
  if (secret !== undefined)
    book.credential({ protocol: 'snmp', field: 'community', user: undefined, secret }, setting);
};

const sip: Statement = (row, setting, book) => {
  const [method, software] = [row.text('sip.method'), row.text('sip.user_agent')];
  book.sight('sip.agent', 'client', given({ role: 'client', method, software }), setting);
};

const mqtt: Statement = (row, setting, book) => {
  const clientId = row.text('mqtt.connect.client_id');
  if (clientId === undefined) return;
  const level = row.number('mqtt.connect.protocol_version');
  const version = level === 5 ? '5' : level === 3 ? '3.1' : '3.1.1';
  book.sight('mqtt.client', 'client', { clientId, version }, setting);
  book.sight('mqtt.server', 'server', { version }, setting);
  const user = row.secret('mqtt.connect.username');
  const secret = row.secret('mqtt.connect.password');
  if ((user ?? secret) !== undefined)
    book.credential({ protocol: 'mqtt', field: 'CONNECT', user, secret }, setting);
};

const ftp: Statement = (row, setting, book) => {
  const command = row.text('ftp.command');
  const data = row.secret('ftp.command_data');
  if (data === undefined || (command !== 'USER' && command !== 'PASS')) return;
  const [user, secret] = command === 'USER' ? [data, undefined] : [undefined, data];
  book.credential({ protocol: 'ftp', field: command, user, secret }, setting);
};

const statements: ReadonlyMap<string, Statement> = new Map(
  Object.entries({
    flow,
    dns,
    http,
    tls,
    ssh,
    dhcp,
    snmp,
    sip,
    mqtt,
    ftp,
  }),
);
