import { spawnSync } from 'node:child_process';
import type { Facts, Sighting } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedPath } from '../testing/captures.ts';
import { hasTshark } from '../testing/tshark.ts';

/** A field of tshark beside the fact that says the same. Sets are compared, since equal sightings are counted together. */
interface Comparison {
  name: string;
  files: readonly string[];
  filter: string;
  fields: readonly string[];
  theirs: (fields: string[]) => string;
  ours: (sighting: Sighting) => string | undefined;
}

const tlsFiles = [
  'suricata-verify/ja4-tls-quic/input.pcap',
  'suricata-verify/tls/tls-store-02/tls-client-auth.pcap',
  'tcpdump/quic_handshake.pcap',
  'zeek/quic/curl-8.1.2-dev-http3-www-google-de.pcap',
  'zeek/quic/interop/quic-go_quic-go/retry.pcap',
  'zeek/quic/quic-39264-rand.pcap',
  'zeek/quic/quic-decrypt-fail-google-de-51833.pcap',
  'zeek/quic/quic-multiple-initial-fragmented-crypto.pcap',
  'zeek/tls/CVE-2015-3194.pcap',
  'zeek/tls/heartbleed-encrypted.pcap',
  'zeek/tls/missing-intermediate.pcap',
  'zeek/tls/openjdk-25.0.2-zeek.org.pcap',
  'zeek/tls/tls-13draft19-early-data.pcap',
  'zeek/tls/tls13-ech.pcap',
];
const dhcpFiles = [
  'zeek/dhcp/dhcp_inform.pcap',
  'zeek/dhcp/hw-type0.pcap',
  'suricata-verify/dhcp-eve-extended/input.pcap',
  'suricata-verify/dhcp-option-52-overload-both/input.pcap',
  'tcpdump/dhcp-rfc3004.pcap',
  'iot-sentinel/Withings/Setup-C-13-STA.pcap',
];

function fact<K extends keyof Facts>(kind: K, name: keyof Facts[K]): Comparison['ours'] {
  return (sighting) => {
    const value = sighting.kind === kind ? (sighting.facts as Facts[K])[name] : undefined;
    return value === undefined ? undefined : String(value);
  };
}

const first = ([value = '']: string[]) => value;
const hello = { files: tlsFiles, filter: 'tls.handshake.type == 1', theirs: first };

const comparisons: readonly Comparison[] = [
  { ...hello, name: 'JA3', fields: ['tls.handshake.ja3'], ours: fact('tls.client', 'ja3') },
  {
    ...hello,
    name: 'server name',
    fields: ['tls.handshake.extensions_server_name'],
    ours: fact('tls.client', 'sni'),
  },
  {
    name: 'JA3S',
    files: tlsFiles,
    filter: 'tls.handshake.type == 2',
    fields: ['tls.handshake.ja3s'],
    theirs: first,
    ours: fact('tls.server', 'ja3s'),
  },
  {
    name: 'server certificate serial',
    files: tlsFiles,
    filter: 'tls.handshake.certificate',
    fields: ['x509af.serialNumber'],
    theirs: ([serial = '']) => serial.replace(/^(0x)?0*/, '').replaceAll(':', ''),
    ours: (sighting) => fact('tls.certificate', 'serial')(sighting)?.replace(/^0+/, ''),
  },
  {
    name: 'DHCP host name',
    files: dhcpFiles,
    filter: 'dhcp.type == 1',
    fields: ['dhcp.option.hostname'],
    theirs: first,
    ours: fact('dhcp.client', 'hostname'),
  },
  {
    name: 'DHCP vendor class',
    files: dhcpFiles,
    filter: 'dhcp.type == 1',
    fields: ['dhcp.option.vendor_class_id'],
    theirs: first,
    ours: fact('dhcp.client', 'vendorClass'),
  },
  {
    name: 'DHCP client',
    files: dhcpFiles,
    filter: 'dhcp.type == 1',
    fields: ['dhcp.hw.mac_addr'],
    theirs: first,
    ours: ({ kind, subject }) => (kind === 'dhcp.client' ? (subject.mac ?? undefined) : undefined),
  },
  {
    name: 'name server',
    files: [
      'zeek/dns/tm1t.pcap',
      'zeek/dns/dns_extended_rcode.pcap',
      'suricata-verify/dns/dns-eve/input.pcap',
    ],
    filter: 'dns.flags.response == 1',
    fields: ['ip.src'],
    theirs: first,
    ours: ({ kind, subject }) => (kind === 'dns.server' ? (subject.ip ?? undefined) : undefined),
  },
  {
    name: 'SNMP object id',
    files: ['zeek/snmp/snmpv1_get.pcap'],
    filter: 'snmp.value.oid && snmp.name == 1.3.6.1.2.1.1.2.0',
    fields: ['snmp.value.oid'],
    theirs: first,
    ours: fact('snmp.system', 'sysObjectId'),
  },
  {
    name: 'LLDP system name',
    files: ['zeek/lldp.pcap', 'tcpdump/LLDP_and_CDP.pcap', 'tcpdump/lldp_mudurl.pcap'],
    filter: 'lldp.tlv.system.name',
    fields: ['lldp.tlv.system.name'],
    theirs: first,
    ours: fact('lldp.neighbour', 'systemName'),
  },
  {
    name: 'NTP stratum',
    files: ['zeek/ntp/ntp2.pcap', 'suricata-verify/ntp-keywords/input.pcap'],
    filter: 'ntp.flags.mode == 4 && ntp.stratum > 0',
    fields: ['ip.src', 'ntp.stratum'],
    theirs: (fields) => fields.join(' '),
    ours: ({ kind, subject, facts }) => {
      const { role, stratum } = facts as Facts['ntp.role'];
      return kind === 'ntp.role' && role === 'server' && stratum !== undefined
        ? `${subject.ip} ${stratum}`
        : undefined;
    },
  },
];

function tshark(file: string, { filter, fields, theirs }: Comparison): string[] {
  const shown = fields.flatMap((field) => ['-e', field]);
  const options = ['-r', sharedPath(file), '-Y', filter, '-T', 'fields', '-E', 'occurrence=f', ...shown];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  return distinct(stdout.split('\n').map((line) => theirs(line.split('\t'))));
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ''))].toSorted((a, b) =>
    a! < b! ? -1 : 1,
  ) as string[];
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('facts equal those of tshark', () => {
  it.each(comparisons)('$name', async (comparison) => {
    let count = 0;
    for (const file of comparison.files) {
      const { batches } = await senseFile(sharedPath(file));
      const ours = distinct(batches.flatMap((batch) => batch.sightings).map(comparison.ours));
      expect(ours, file).toEqual(tshark(file, comparison));
      count += ours.length;
    }
    expect(count).toBeGreaterThan(0);
    console.info(`${comparison.name}: ${count} values in ${comparison.files.length} captures, all equal`);
  });
});
