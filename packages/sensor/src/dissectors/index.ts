import type { DatagramDissector, FrameDissector, PacketDissector, StreamDissector } from '../dissector.ts';
import { amqp } from './amqp/index.ts';
import { arp } from './arp/index.ts';
import { astm } from './astm/index.ts';
import { bacnet } from './bacnet/index.ts';
import { ble } from './ble/index.ts';
import { carescape } from './carescape/index.ts';
import { cdp } from './cdp/index.ts';
import { coap } from './coap/index.ts';
import { dhcp } from './dhcp/index.ts';
import { dhcpv6 } from './dhcpv6/index.ts';
import { dicom } from './dicom/index.ts';
import { dnp3, dnp3Datagram } from './dnp3/index.ts';
import { dns, dnsStream } from './dns/index.ts';
import { eapol } from './eapol/index.ts';
import { ftp } from './ftp/index.ts';
import { hl7 } from './hl7/index.ts';
import { hsrp } from './hsrp/index.ts';
import { http } from './http/index.ts';
import { imap } from './imap/index.ts';
import { intellivue } from './intellivue/index.ts';
import { kerberos, kerberosDatagram } from './kerberos/index.ts';
import { cldap, ldap } from './ldap/index.ts';
import { lldp } from './lldp/index.ts';
import { llmnr, mdns } from './mdns/index.ts';
import { mld } from './mld/index.ts';
import { modbus } from './modbus/index.ts';
import { mqtt } from './mqtt/index.ts';
import { mssql } from './mssql/index.ts';
import { mysql } from './mysql/index.ts';
import { nbdgm, nbns } from './nbns/index.ts';
import { ndp } from './ndp/index.ts';
import { nfs, nfsDatagram } from './nfs/index.ts';
import { ntp } from './ntp/index.ts';
import { poct1a } from './poct1a/index.ts';
import { pop3 } from './pop3/index.ts';
import { postgresql } from './postgresql/index.ts';
import { ptp, ptpFrame } from './ptp/index.ts';
import { quic } from './quic/index.ts';
import { radius } from './radius/index.ts';
import { rawImage } from './raw-image/index.ts';
import { rdp } from './rdp/index.ts';
import { rtsp } from './rtsp/index.ts';
import { sip, sipStream } from './sip/index.ts';
import { smb } from './smb/index.ts';
import { smtp } from './smtp/index.ts';
import { snmp } from './snmp/index.ts';
import { ssdp } from './ssdp/index.ts';
import { ssh } from './ssh/index.ts';
import { stp } from './stp/index.ts';
import { syslog, syslogStream } from './syslog/index.ts';
import { telnet } from './telnet/index.ts';
import { tftp } from './tftp/index.ts';
import { dtls, tls } from './tls/index.ts';
import { vnc } from './vnc/index.ts';
import { vrrp } from './vrrp/index.ts';
import { wifi, wifiData } from './wifi/index.ts';
import { wsd } from './wsd/index.ts';

/** Every dissector, one folder each. The engine sorts them by cost. */
export const streamDissectors: readonly StreamDissector[] = [
  astm,
  amqp,
  dicom,
  dnp3,
  dnsStream,
  ftp,
  hl7,
  http,
  imap,
  kerberos,
  ldap,
  modbus,
  mqtt,
  mssql,
  mysql,
  nfs,
  poct1a,
  pop3,
  postgresql,
  rawImage,
  rdp,
  rtsp,
  sipStream,
  smb,
  smtp,
  ssh,
  syslogStream,
  telnet,
  tls,
  vnc,
];
export const datagramDissectors: readonly DatagramDissector[] = [
  cldap,
  bacnet,
  coap,
  dhcp,
  dhcpv6,
  dnp3Datagram,
  dns,
  dtls,
  hsrp,
  kerberosDatagram,
  llmnr,
  mdns,
  nbdgm,
  nbns,
  nfsDatagram,
  ntp,
  sip,
  ptp,
  quic,
  radius,
  snmp,
  ssdp,
  syslog,
  tftp,
  wsd,
  intellivue,
  carescape,
];
export const frameDissectors: readonly FrameDissector[] = [
  arp,
  cdp,
  eapol,
  lldp,
  ptpFrame,
  stp,
  wifi,
  wifiData,
  ble,
];
export const packetDissectors: readonly PacketDissector[] = [mld, ndp, vrrp];
