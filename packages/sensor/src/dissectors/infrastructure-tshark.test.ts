import type { Facts } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures } from '../testing/captures.ts';
import { expectSameValues, type FieldComparison, factOf } from '../testing/field-comparison.ts';
import { hasTshark } from '../testing/tshark.ts';

const dhcpv6Files = [
  'tcpdump/dhcpv6-mud.pcap',
  'tcpdump/dhcpv6-vendor-specific-information.pcap',
  'tcpdump/dhcpv6-AFTR-Name-RFC6334.pcap',
];
const plain = (value: string) => value.replaceAll(':', '');

const dhcpv6: readonly FieldComparison[] = [
  {
    name: 'DHCPv6 client DUID',
    files: dhcpv6Files,
    filter: 'dhcpv6.msgtype != 2 && dhcpv6.msgtype != 7 && dhcpv6.msgtype != 13',
    fields: ['dhcpv6.duid.bytes'],
    theirs: ([ids = '']) => plain(ids.split(';')[0] ?? ''),
    ours: (sighting) => plain(factOf('dhcpv6.client', 'duid')(sighting) ?? ''),
  },
  {
    name: 'DHCPv6 client name',
    files: dhcpv6Files,
    filter: 'dhcpv6.client_domain',
    fields: ['dhcpv6.client_domain'],
    ours: factOf('dhcpv6.client', 'fqdn'),
  },
  {
    name: 'DHCPv6 requested options',
    files: dhcpv6Files,
    filter: 'dhcpv6.requested_option_code',
    fields: ['dhcpv6.requested_option_code'],
    theirs: ([codes = '']) => codes.replaceAll(';', ','),
    ours: factOf('dhcpv6.client', 'optionRequest'),
  },
  {
    name: 'DHCPv6 delegated prefix',
    files: dhcpv6Files,
    filter: 'dhcpv6.msgtype == 7 && dhcpv6.iaprefix.pref_addr',
    fields: ['dhcpv6.iaprefix.pref_addr', 'dhcpv6.iaprefix.pref_len'],
    theirs: (fields) => fields.join('/'),
    ours: factOf('dhcpv6.prefix', 'prefix'),
  },
];

const ndpFiles = [
  'tcpdump/icmpv6.pcap',
  'tcpdump/dcb_qcn.pcap',
  'zeek/icmp/icmp6-neighbor-advert.pcap',
  'zeek/icmp/icmp6-router-solicit.pcap',
  'iot-sentinel/HueBridge/Setup-C-6-STA.pcap',
  'iot-sentinel/Withings/Setup-C-13-STA.pcap',
];

const ndp: readonly FieldComparison[] = [
  {
    name: 'NDP holders by solicitation and announcement of a router',
    files: ndpFiles,
    filter: 'icmpv6.type in {133,134,135} && ipv6.hlim == 255 && ipv6.src != :: && icmpv6.opt.linkaddr',
    fields: ['ipv6.src', 'icmpv6.opt.linkaddr'],
    ours: ({ kind, subject, facts }) => {
      const { operation } = facts as Facts['ndp.binding'];
      const own = kind === 'ndp.binding' && subject.ip !== null && operation !== 'advertisement';
      return own ? `${subject.ip} ${subject.mac}` : undefined;
    },
  },
  {
    name: 'NDP probes',
    files: ndpFiles,
    filter: 'icmpv6.type == 135 && ipv6.hlim == 255 && ipv6.src == ::',
    fields: ['eth.src'],
    ours: ({ kind, subject, facts }) =>
      kind === 'ndp.binding' && (facts as Facts['ndp.binding']).operation === 'probe'
        ? (subject.mac ?? undefined)
        : undefined,
  },
  {
    name: 'NDP router prefixes, name servers and domains',
    files: ndpFiles,
    filter: 'icmpv6.type == 134 && ipv6.hlim == 255',
    fields: ['icmpv6.opt.prefix', 'icmpv6.opt.prefix.length', 'icmpv6.opt.rdnss', 'icmpv6.opt.dnssl'],
    theirs: ([prefix = '', length = '', servers = '', domains = '']) =>
      [`${prefix}/${length}`, servers, domains].join(' '),
    ours: ({ kind, facts }) => {
      const { prefixes, dnsServers, domains } = facts as Facts['ndp.router'];
      return kind === 'ndp.router'
        ? [prefixes, dnsServers, domains].map((l) => l?.join(';')).join(' ')
        : undefined;
    },
  },
];

const cdpFiles = ['zeek/cdp-v1.pcap', 'tcpdump/LLDP_and_CDP.pcap'];
const cdpField = (name: string, field: string, ours: FieldComparison['ours']): FieldComparison => ({
  name: `CDP ${name}`,
  files: cdpFiles,
  filter: `cdp && ${field}`,
  fields: [field],
  ours,
});
const cdp: readonly FieldComparison[] = [
  cdpField('device', 'cdp.deviceid', factOf('cdp.neighbour', 'deviceId')),
  cdpField('platform', 'cdp.platform', factOf('cdp.neighbour', 'platform')),
  cdpField('port', 'cdp.portid', factOf('cdp.neighbour', 'portId')),
  cdpField('native VLAN', 'cdp.native_vlan', factOf('cdp.neighbour', 'nativeVlan')),
];

const radiusFiles = ['zeek/radius/radius.pcap', 'tcpdump/RADIUS-RFC4675.pcap'];
const access: readonly FieldComparison[] = [
  {
    name: 'RADIUS stations',
    files: radiusFiles,
    filter: 'radius.Calling_Station_Id && radius.code in {1,4}',
    fields: ['radius.Calling_Station_Id', 'radius.NAS_IP_Address', 'radius.NAS_Port'],
    theirs: ([mac = '', ...rest]) => [mac.toLowerCase().replaceAll('-', ':'), ...rest].join(' '),
    ours: ({ kind, subject, facts }) => {
      const { nas, port } = facts as Facts['radius.station'];
      return kind === 'radius.station' ? `${subject.mac} ${nas} ${port}` : undefined;
    },
  },
  {
    name: 'EAPOL supplicants',
    files: ['tcpdump/eapon1.pcap'],
    filter: 'eap.code == 2',
    fields: ['eth.src'],
    ours: ({ kind, subject, facts }) =>
      kind === 'eapol.party' && (facts as Facts['eapol.party']).role === 'supplicant'
        ? (subject.mac ?? undefined)
        : undefined,
  },
];

const snmpFiles = [
  'zeek/snmp/snmpv3_get_next.pcap',
  'suricata-verify/snmp-v3-encrypted/SNMPv3.pcap',
  'suricata-verify/snmp-v3-unauth/snmp-v3-get-bulk-unauth.pcap',
];
const managed: readonly FieldComparison[] = [
  {
    name: 'SNMPv3 engines and their boots',
    files: snmpFiles,
    filter: 'snmp.msgAuthoritativeEngineID && udp.srcport == 161',
    fields: ['snmp.msgAuthoritativeEngineID', 'snmp.msgAuthoritativeEngineBoots'],
    theirs: ([engine = '', boots = '']) => (engine === '' ? '' : `${engine.replaceAll(':', '')} ${boots}`),
    ours: ({ kind, facts }) => {
      const { engineId, boots } = facts as Facts['snmp.engine'];
      return kind === 'snmp.engine' ? `${engineId} ${boots}` : undefined;
    },
  },
];

/** RFC 2281 §5.1.4. */
const hsrpStates = Object.fromEntries(
  ['initial', 'learn', 'listen', 'speak', 'standby', 'active'].map((name, i) => [
    i === 0 ? 0 : 1 << (i - 1),
    name,
  ]),
);

/** Groups that all addresses have of their own say nothing more, and record types 2 and 4 need no sources to listen. */
const mldFiles = ['tcpdump/babel.pcap', 'tcpdump/dcb_qcn.pcap', 'tcpdump/icmpv6.pcap'];
const listenedTo = ([ip = '', types = '', groups = '', counts = '', first = '']: string[]) => {
  const sources = counts.split(';');
  const records = types
    .split(';')
    .map((type, i) => [type, groups.split(';')[i] ?? '', sources[i] ?? '0'] as const);
  const kept = records.filter(
    ([type, , count]) => ['2', '4'].includes(type) || ('135'.includes(type) && count !== '0'),
  );
  const all = first === '' ? kept.map(([, group]) => group) : [first];
  return all
    .filter((group) => group !== '' && !group.startsWith('ff02::1:ff'))
    .map((group) => `${ip} ${group}`);
};

const shared: readonly FieldComparison[] = [
  {
    name: 'MLD groups that hosts listen to',
    files: mldFiles,
    filter: 'icmpv6.type in {131,143} && ipv6.hlim == 1',
    fields: [
      'ipv6.src',
      'icmpv6.mldr.mar.record_type',
      'icmpv6.mldr.mar.multicast_address',
      'icmpv6.mldr.mar.nb_sources',
      'icmpv6.mld.multicast_address',
    ],
    theirs: listenedTo,
    ours: ({ kind, subject, facts }) =>
      kind === 'mld.listener' ? `${subject.ip ?? '::'} ${(facts as Facts['mld.listener']).group}` : undefined,
  },
  {
    name: 'PTP grandmasters',
    files: ['tcpdump/ptp_ethernet.pcap', 'tcpdump/ptp_v2_1.pcap'],
    filter: 'ptp.v2.messagetype == 0x0b',
    fields: ['ptp.v2.clockidentity', 'ptp.v2.an.grandmasterclockidentity', 'ptp.v2.an.grandmasterclockclass'],
    theirs: (fields) => fields.join(' ').replaceAll('0x', ''),
    ours: ({ kind, facts }) => {
      const { role, clockId, grandmaster, clockClass } = facts as Facts['ptp.clock'];
      return kind === 'ptp.clock' && role === 'master'
        ? `${clockId} ${grandmaster} ${clockClass}`
        : undefined;
    },
  },
  {
    name: 'bridges of spanning trees and their roots',
    files: ['tcpdump/802.1D_spanning_tree.pcap', 'tcpdump/MSTP_Intra-Region_BPDUs.pcap'],
    filter: 'stp.type in {0,2}',
    fields: ['stp.bridge.hw', 'mstp.cist_bridge.hw', 'stp.root.hw'],
    theirs: ([bridge = '', own = '', root = '']) => `${own === '' ? bridge : own} ${root}`,
    ours: ({ kind, facts }) => {
      const { bridgeMac, rootMac } = facts as Facts['stp.bridge'];
      return kind === 'stp.bridge' ? `${bridgeMac} ${rootMac}` : undefined;
    },
  },
  {
    name: 'VRRP groups',
    files: ['tcpdump/vrrp.pcap'],
    filter: 'vrrp && ip.ttl == 255',
    fields: ['vrrp.virt_rtr_id', 'vrrp.prio', 'vrrp.ip_addr'],
    ours: ({ kind, subject, facts }) => {
      const { group, priority, addresses } = facts as Facts['vrrp.router'];
      const isIpv4 = kind === 'vrrp.router' && subject.ip?.includes(':') === false;
      return isIpv4 ? `${group} ${priority} ${addresses.join(';')}` : undefined;
    },
  },
  {
    name: 'HSRP groups',
    files: ['tcpdump/HSRP_failover.pcap', 'tcpdump/HSRP_coup.pcap'],
    filter: 'hsrp.virt_ip',
    fields: ['ip.src', 'hsrp.group', 'hsrp.priority', 'hsrp.virt_ip', 'hsrp.state'],
    theirs: ([ip, group, priority, address, state]) =>
      [ip, group, priority, address, hsrpStates[Number(state)]].join(' '),
    ours: ({ kind, subject, facts }) => {
      const { group, priority, address, state } = facts as Facts['hsrp.router'];
      return kind === 'hsrp.router' ? `${subject.ip} ${group} ${priority} ${address} ${state}` : undefined;
    },
  },
];

describe.skipIf(!hasSharedCaptures || !hasTshark())('facts equal those of tshark', () => {
  it.each([...dhcpv6, ...ndp, ...cdp, ...access, ...managed, ...shared])('$name', async (comparison) => {
    const count = await expectSameValues(comparison);
    expect(count).toBeGreaterThan(0);
    console.info(`${comparison.name}: ${count} values in ${comparison.files.length} captures, all equal`);
  });
});
