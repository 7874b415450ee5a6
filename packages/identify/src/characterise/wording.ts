import { type FingerprintMatch, type Knowledge, nounOf, withArticle } from '@wardline/knowledge';
import type { Attribute, Strength } from '@wardline/model';

/** Longer texts say nothing more to a reader; the sighting has them whole. */
const QUOTED_CHARS = 90;

/** What a fact is called in a sentence that begins with it, by kind and fact. */
const FACTS: Readonly<Record<string, string>> = {
  'cdp.neighbour/deviceId': 'The name that it announces by CDP,',
  'cdp.neighbour/platform': 'The model that it announces by CDP,',
  'cdp.neighbour/softwareVersion': 'The software that it announces by CDP,',
  'astm.endpoint/senderName': 'The name that it signs laboratory messages with,',
  'bacnet.device/vendorId': 'Its BACnet vendor number',
  'dhcp.client/hostname': 'Its DHCP host name',
  'dhcp.client/parameterList': 'The order in which it asks for DHCP options,',
  'dhcp.client/vendorClass': 'Its DHCP vendor class',
  'dhcp.lease/hostname': 'The name that DHCP knows it by,',
  'dhcpv6.client/fqdn': 'Its DHCPv6 host name',
  'dhcpv6.client/vendorClass': 'Its DHCPv6 vendor class',
  'dicom.association/aeTitle': 'Its DICOM name (AE title)',
  'dicom.association/implementationClassUid': 'The identifier of its DICOM software,',
  'dicom.association/implementationVersion': 'The version name of its DICOM software,',
  'dicom.equipment/model': 'The model that its images name,',
  'dns.name/name': 'Its DNS name',
  'dpws.device/model': 'The model that it reports by DPWS,',
  'ftp.server/banner': 'Its FTP greeting',
  'ftp.server/system': 'The system that its FTP server names,',
  'hl7.device/model': 'The model that its HL7 messages name,',
  'hl7.endpoint/application': 'Its HL7 application name',
  'http.api/software': 'The software that its web service names,',
  'http.client/userAgent': 'Its browser or program (user agent)',
  'http.host/host': 'The host name by which its web service is called,',
  'http.server/poweredBy': 'The software behind its web server,',
  'http.server/realm': 'The name of its web login,',
  'http.server/server': 'Its web server',
  'ldap.client/os': 'The system that it names in LDAP,',
  'ldap.server/os': 'The system that it names in LDAP,',
  'ldap.server/vendor': 'The maker of its directory,',
  'lldp.neighbour/medModel': 'The model that it announces by LLDP,',
  'lldp.neighbour/systemDescription': 'Its LLDP description',
  'mail.server/banner': 'The greeting of its mail service',
  'mdns.host/name': 'Its mDNS name',
  'mdns.service/instance': 'The name of its mDNS service,',
  'mdns.service/service': 'Its mDNS service',
  'mdns.service/txt': 'Its mDNS service note',
  'mqtt.client/clientId': 'Its MQTT client name',
  'nbns.name/name': 'Its NetBIOS name',
  'poct.device/model': 'The model that it reports by POCT1-A,',
  'rdp.client/build': 'The build that its remote desktop client names,',
  'sdc.device/model': 'The model that it reports by IEEE 11073 SDC,',
  'rpc.client/software': 'The kernel that it names in NFS,',
  'smb.host/os': 'The system that it names in SMB,',
  'snmp.engine/enterprise': 'The maker’s number in its SNMP engine,',
  'snmp.system/entityModel': 'The model that it reports by SNMP,',
  'snmp.system/sysDescr': 'Its SNMP description',
  'snmp.system/sysName': 'Its SNMP name',
  'snmp.system/sysObjectId': 'Its SNMP object identifier',
  'sip.agent/software': 'Its telephone software',
  'ssdp.device/server': 'Its UPnP server',
  'ssdp.device/type': 'Its UPnP device type',
  'ssh.software/banner': 'Its SSH greeting',
  'telnet.server/banner': 'Its Telnet greeting',
  'tls.certificate/subject': 'The name in its certificate,',
};

/** True where the fact has words of its own. */
export function hasWords(kind: string, fact: string): boolean {
  return FACTS[`${kind}/${fact}`] !== undefined;
}

const POINTS: Record<Strength, string> = { strong: 'shows', medium: 'points to', weak: 'hints at' };

/**
 * The reason of a claim that a fingerprint makes, in a sentence: `Its DHCP host name “pump-7” hints at an infusion pump.`
 * `value` is the claim's, with the maker's usual name.
 */
export function reasonOfMatch(
  kind: string,
  { attribute, fact, text, strength }: Pick<FingerprintMatch, 'attribute' | 'fact' | 'text' | 'strength'>,
  value: string,
  knowledge: Knowledge,
): string {
  const words = FACTS[`${kind}/${fact}`] ?? `What it says in ${kind} (${fact}),`;
  const comma = words.endsWith(',') ? ',' : '';
  return `${words} ${quoted(text)}${comma} ${POINTS[strength]} ${complement(attribute, value, knowledge)}.`;
}

function quoted(text: string): string {
  return `“${text.length > QUOTED_CHARS ? `${text.slice(0, QUOTED_CHARS - 1).trimEnd()}…` : text}”`;
}

function complement(attribute: Attribute, value: string, { taxonomy }: Knowledge): string {
  switch (attribute) {
    case 'class':
      return withArticle(nounOf(taxonomy.label(value)));
    case 'os':
      return `the operating system ${value}`;
    case 'software':
      return `the software version ${value}`;
    case 'family':
      return `the product family ${value}`;
    case 'serial':
      return `the serial number ${value}`;
    case 'hostname':
      return `the host name ${value}`;
    case 'dataSensitivity':
      return `the data sensitivity ${value}`;
    default:
      return `the ${attribute} ${value}`;
  }
}

/** How protocols are called where a claim is of one. */
const PROTOCOLS: Readonly<Record<string, string>> = { dhcpv6: 'DHCPv6', mdns: 'mDNS', nbns: 'NetBIOS' };

/** `dhcp.client` → `DHCP`. */
export function protocolOf(kind: string): string {
  const name = kind.split('.', 1)[0] ?? kind;
  return PROTOCOLS[name] ?? name.toUpperCase();
}

/** An organisation's name at the end of a sentence. */
export function endingIn(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}
