import type { FactKind, Sighting } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedPath } from '../testing/captures.ts';

/** Real captures (see the shared data's SOURCES.md), and what of them is kept as a baseline beside this file. */
const captures: readonly [name: string, kinds: readonly FactKind[]][] = [
  ['zeek/arp-who-has.pcap', ['arp.binding']],
  ['suricata-verify/arp/detect-arp-03-vlan/input.pcap', ['arp.binding']],
  ['zeek/lldp.pcap', ['lldp.neighbour']],
  ['tcpdump/LLDP_and_CDP.pcap', ['lldp.neighbour']],
  ['tcpdump/lldp_mudurl.pcap', ['lldp.neighbour']],
  ['zeek/dhcp/dhcp_inform.pcap', ['dhcp.client', 'dhcp.lease', 'dhcp.server']],
  ['suricata-verify/dhcp-eve-extended/input.pcap', ['dhcp.client', 'dhcp.lease', 'dhcp.server']],
  ['tcpdump/dhcp-rfc3004.pcap', ['dhcp.client', 'dhcp.lease', 'dhcp.server']],
  ['tcpdump/dns_tcp_8053.pcap', ['dns.name', 'dns.server']],
  ['zeek/dns/tm1t.pcap', ['dns.name', 'dns.server']],
  ['suricata-verify/llmnr/llmnr-authority-additional/input.pcap', ['mdns.host']],
  ['zeek/dns/mdns-no-assoc.pcap', ['mdns.host', 'mdns.service']],
  ['tcpdump/eapon1.pcap', ['nbns.name', 'ssdp.device', 'arp.binding', 'dhcp.client']],
  ['zeek/snmp/leak_test.pcapng', ['snmp.system', 'snmp.manager', 'service.unauthenticated']],
  ['zeek/ntp/NTP_sync.pcap', ['ntp.role']],
  ['suricata-verify/ja4-tls-quic/input.pcap', ['tls.client', 'tls.server']],
  ['suricata-verify/tls/tls-store-02/tls-client-auth.pcap', ['tls.client', 'tls.server', 'tls.certificate']],
  ['zeek/tls/hrr.pcap', ['tls.client', 'tls.server']],
  ['zeek/tls/dtls13-wolfssl.pcap', ['tls.client', 'tls.server']],
  ['zeek/smb/smb3.pcap', ['smb.host', 'service.unauthenticated']],
  ['zeek/smb/raw_ntlm_in_smb.pcap', ['smb.host', 'service.unauthenticated']],
  ['suricata-verify/tftp-tx-handling-wrq/input.pcap', ['service.unauthenticated', 'firmware.cleartext']],
];

function line({ kind, subject, service, count, evidence, facts }: Sighting): string {
  const where = service === null ? '-' : `${service.transport}/${service.port}`;
  const who = `${subject.mac ?? '-'} ${subject.ip ?? '-'} ${subject.vlan ?? '-'}`;
  return `${evidence.packet} ${kind} ${who} ${where} x${count} ${JSON.stringify(facts)}`;
}

describe.skipIf(!hasSharedCaptures)('on real captures the facts are those of the baseline', () => {
  it.each(captures)('%s', async (name, kinds) => {
    const { batches } = await senseFile(sharedPath(name));
    const sightings = batches.flatMap((batch) => batch.sightings).filter(({ kind }) => kinds.includes(kind));
    const text = `${sightings.map(line).join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(`baseline/${name.replaceAll(/[/.]/g, '-')}.txt`);
  });
});
