import type { Endpoint } from '@wardline/model';
import { isLocalIp, normalIp } from './addresses.ts';
import { tlsProtection } from './applications.ts';
import type { LogBook, Setting } from './book.ts';
import type { Row } from './row.ts';

type Statement = (row: Row, setting: Setting, book: LogBook) => void;

const at = (ip: string | undefined, mac: string | null = null): Endpoint => ({
  mac,
  ip: ip ?? null,
  vlan: null,
});

/** Keeps what has a value: an absent fact has no key. */
export function given<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as T;
}

const dns: Statement = (row, setting, book) => {
  if (row.value('rcode') === undefined) return;
  const udp = { ...setting, transport: row.text('proto') ?? 'udp' };
  book.sight('dns.server', 'server', { recursive: row.flag('RA') }, udp);
  book.protects(udp, 'dns', 'clear');
  const query = row.text('query');
  const type = row.text('qtype_name');
  if (query === undefined || (type !== 'A' && type !== 'AAAA')) return;
  stateNames(query, type, row.texts('answers'), udp, book);
};

/** Names of the site's own addresses only: those of others say nothing of its devices. */
export function stateNames(
  name: string,
  type: 'A' | 'AAAA',
  answers: readonly string[],
  setting: Setting,
  book: LogBook,
): void {
  for (const answer of answers) {
    const ip = normalIp(answer);
    if (ip === null || !isLocalIp(ip)) continue;
    book.sight('dns.name', at(ip), { name, type: ip.includes(':') ? 'AAAA' : type }, setting);
  }
}

const dhcp: Statement = (row, setting, book) => {
  const mac = row.mac('mac');
  const assigned = row.ip('assigned_addr');
  const server = row.ip('server_addr');
  const hostname = row.text('host_name');
  const fqdn = row.text('client_fqdn');
  const udp: Setting = { ...setting, transport: 'udp', port: 67, server: at(server) };
  if (mac !== null && (hostname ?? fqdn) !== undefined) {
    book.sight('dhcp.client', at(undefined, mac), given({ hostname, fqdn }), udp);
  }
  if (server === undefined) return;
  book.sight('dhcp.server', 'server', given({ domain: row.text('domain') }), udp);
  if (mac === null || assigned === undefined || !row.texts('msg_types').includes('ACK')) return;
  const leaseSeconds = row.number('lease_time');
  book.sight(
    'dhcp.lease',
    at(assigned, mac),
    given({ server, leaseSeconds, hostname }) as { server: string },
    udp,
  );
};

const http: Statement = (row, setting, book) => {
  const [userAgent, host] = [row.text('user_agent'), row.text('host')];
  if (userAgent !== undefined) book.sight('http.client', 'client', { userAgent }, setting);
  if (host !== undefined) book.sight('http.host', 'server', { host }, setting);
  const user = row.secret('username');
  const secret = row.secret('password');
  if (user === undefined && secret === undefined) return;
  // Zeek notes the user of Basic alone unless it is told to keep passwords; the password was in clear all the same.
  book.credential({ protocol: 'http', field: 'Authorization', user, secret: secret ?? '' }, setting);
};

const ssl: Statement = (row, setting, book) => {
  const protection = tlsProtection(row.text('version'));
  if (protection !== 'unknown') book.protects(setting, 'tls', protection);
};

const ssh: Statement = (row, setting, book) => {
  const [client, server] = [row.text('client'), row.text('server')];
  const hassh = row.text('hassh');
  if (client !== undefined) {
    book.sight('ssh.software', 'client', given({ role: 'client', banner: client, hassh }), setting);
  }
  if (server !== undefined) book.sight('ssh.software', 'server', { role: 'server', banner: server }, setting);
  book.protects(setting, 'ssh', row.number('version') === 1 ? 'ssh1' : 'ssh2');
};

const snmp: Statement = (row, setting, book) => {
  const udp: Setting = { ...setting, transport: 'udp' };
  const version = row.text('version');
  if (version !== '1' && version !== '2c' && version !== '3') return;
  const sysDescr = row.text('display_string');
  if (sysDescr !== undefined) book.sight('snmp.system', 'server', { version, sysDescr }, udp);
  book.sight(
    'snmp.manager',
    'client',
    { version, operation: row.count('set_requests') > 0 ? 'set' : 'get' },
    udp,
  );
  const secret = row.secret('community');
  if (secret !== undefined)
    book.credential({ protocol: 'snmp', field: 'community', user: undefined, secret }, udp);
};

/** Zeek's default hides passwords behind `<hidden>`: that there was one is still known. */
const ftp: Statement = (row, setting, book) => {
  const user = row.secret('user');
  const secret = row.secret('password');
  if (user === undefined || user === '<unknown>') return;
  const shown = secret === '<hidden>' ? '' : secret;
  book.credential({ protocol: 'ftp', field: 'PASS', user, secret: shown }, setting);
};

const ntp: Statement = (row, setting, book) => {
  const udp: Setting = { ...setting, transport: 'udp' };
  const [mode, version, stratum] = [row.count('mode'), row.count('version'), row.count('stratum')];
  if (mode === 3) book.sight('ntp.role', 'client', { role: 'client', version }, udp);
  if (mode !== 4) return;
  const facts = stratum === 0 ? { version } : { version, stratum };
  book.sight('ntp.role', 'server', { role: 'server', ...facts }, udp);
};

const mqtt: Statement = (row, setting, book) => {
  const version = row.text('proto_version') ?? '';
  const clientId = row.text('client_id') ?? '';
  book.sight('mqtt.client', 'client', { clientId, version }, setting);
  book.sight('mqtt.server', 'server', { version }, setting);
};

const modbus: Statement = (row, setting, book) => {
  const name = row.text('func')?.toLowerCase().replaceAll('_', '-');
  const unit = row.number('unit');
  if (name === undefined || unit === undefined) return;
  const access = /^(write|mask-write|read-write)/.test(name)
    ? 'write'
    : name.startsWith('read')
      ? 'read'
      : 'other';
  const kind = row.text('pdu_type');
  if (kind === 'RESP') {
    book.sight('modbus.use', 'server', { role: 'server', unit, function: name, access }, setting);
    if (access !== 'write' || row.text('exception') !== undefined) return;
    book.sight('service.unauthenticated', 'server', { protocol: 'modbus', operation: name }, setting);
  } else book.sight('modbus.use', 'client', { role: 'client', unit, function: name, access }, setting);
};

const sip: Statement = (row, setting, book) => {
  const udp: Setting = { ...setting, transport: row.text('proto') ?? 'udp' };
  const [method, software] = [row.text('method'), row.text('user_agent')];
  book.sight('sip.agent', 'client', given({ role: 'client', method, software }), udp);
};

const software: Statement = (row, setting, book) => {
  const text = row.text('unparsed_version');
  const type = row.text('software_type') ?? '';
  if (text === undefined) return;
  const host: Setting = { ...setting, server: setting.client, port: row.port('host_p') ?? null };
  if (type.endsWith('HTTP::SERVER')) book.sight('http.server', 'server', { server: text }, host);
  else if (type.endsWith('HTTP::BROWSER')) book.sight('http.client', 'client', { userAgent: text }, host);
};

const ntlm: Statement = (row, setting, book) => {
  const [hostname, domain] = [row.text('hostname'), row.text('domainname')];
  const server = row.text('server_nb_computer_name');
  if (hostname !== undefined) {
    book.sight('smb.host', 'client', given({ role: 'client', hostname, domain }), {
      ...setting,
      transport: 'tcp',
    });
  }
  if (server !== undefined) {
    book.sight('smb.host', 'server', { role: 'server', hostname: server }, { ...setting, transport: 'tcp' });
  }
};

/** Announcements, as the building parsers for Zeek log them. */
const bacnetDiscovery: Statement = (row, setting, book) => {
  const instance = row.number('instance_number');
  const vendorId = row.number('vendor_id') ?? row.number('vendor');
  if (row.text('object_type') !== 'device' || instance === undefined || vendorId === undefined) return;
  book.sight('bacnet.device', 'client', { instance, vendorId }, { ...setting, transport: 'udp' });
};

/** What is stated of each log, by its `#path`; logs that are not here say nothing that others don't. */
export const zeekStatements: ReadonlyMap<string, Statement> = new Map(
  Object.entries({
    dns,
    dhcp,
    http,
    ssl,
    ssh,
    snmp,
    ftp,
    ntp,
    mqtt_connect: mqtt,
    modbus,
    sip,
    software,
    ntlm,
    bacnet_discovery: bacnetDiscovery,
  }),
);
