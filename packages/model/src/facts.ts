import type { AccessFacts } from './facts/access.ts';
import type { BehaviourFacts } from './facts/behaviour.ts';
import type { BuildingFacts } from './facts/building.ts';
import type { ClinicalFacts } from './facts/clinical.ts';
import type { InfrastructureFacts } from './facts/infrastructure.ts';
import type { ScanFacts } from './facts/scans.ts';
import type { WirelessFacts } from './facts/wireless.ts';

/**
 * The vocabulary of sightings: which facts each kind carries. A dissector states facts and never judges them. No fact
 * ever holds a secret, a person's name or another value of protected health information; those are reported with the
 * three kinds at the end, by field name and keyed hash.
 *
 * Absent means "not on the wire". Lists keep wire order unless noted.
 */
export interface Facts
  extends AccessFacts,
    BehaviourFacts,
    BuildingFacts,
    ClinicalFacts,
    InfrastructureFacts,
    ScanFacts,
    WirelessFacts {
  /** A frame showed this MAC and IP address together. `ttl` is the highest IP TTL or hop limit seen. */
  'address.seen': { ttl?: number };
  /** ARP sender addresses (RFC 826). `probe` and `announcement` as in RFC 5227. */
  'arp.binding': { operation: 'request' | 'reply' | 'probe' | 'announcement' };

  /** What a DHCPv4 client says of itself (RFC 2131, 2132). `parameterList` is option 55 as "1,3,6,15". */
  'dhcp.client': {
    hostname?: string;
    vendorClass?: string;
    parameterList?: string;
    clientId?: string;
    fqdn?: string;
    mudUrl?: string;
    maxMessageSize?: number;
  };
  /** A DHCPACK: subject is the client's hardware address with the address it was given. */
  'dhcp.lease': { server: string; leaseSeconds?: number; hostname?: string };
  /** What a DHCPv4 server hands out. */
  'dhcp.server': { routers?: string[]; dnsServers?: string[]; domain?: string; subnetMask?: string };

  /** A DNS answer (A, AAAA) names the subject's address; a PTR answer names the address asked for. */
  'dns.name': { name: string; type: 'A' | 'AAAA' | 'PTR' };
  /** The subject answered DNS queries. */
  'dns.server': { recursive: boolean };
  'mdns.host': { name: string };
  /** `service` is the type, as "_ipp._tcp"; `txt` holds "key=value" of keys that describe a product only. */
  'mdns.service': { service: string; instance?: string; port?: number; txt?: string[] };
  /** NetBIOS name registration or node status (RFC 1002); user names (suffix 03) are never reported. */
  'nbns.name': { name: string; suffix: number; group: boolean };
  'ssdp.device': { server?: string; type?: string; usn?: string; location?: string };
  'lldp.neighbour': {
    chassisId?: string;
    portId?: string;
    portDescription?: string;
    systemName?: string;
    systemDescription?: string;
    capabilities?: string[];
    managementAddress?: string;
    portVlan?: number;
    medManufacturer?: string;
    medModel?: string;
    medSerial?: string;
    medHardware?: string;
    medFirmware?: string;
    medSoftware?: string;
    medAssetId?: string;
  };
  /** SNMP agent's answers: system group (RFC 3418) and entity table (RFC 6933). */
  'snmp.system': {
    version: '1' | '2c' | '3';
    sysDescr?: string;
    sysObjectId?: string;
    sysName?: string;
    sysLocation?: string;
    entityModel?: string;
    entitySerial?: string;
    entitySoftware?: string;
    entityManufacturer?: string;
  };
  /** A manager asked or set values. */
  'snmp.manager': { version: '1' | '2c' | '3'; operation: string };

  /** ClientHello. `ja4` is JA4 of the TLS client only. `version` is the highest offered. */
  'tls.client': { version: string; ja3: string; ja4: string; sni?: string; alpn?: string[] };
  'tls.server': { version: string; cipher: string; ja3s: string; alpn?: string };
  /** A certificate that the subject presented in clear (TLS 1.2 and before); distinguished names in RFC 4514 form. */
  'tls.certificate': {
    role: 'client' | 'server';
    subject: string;
    issuer: string;
    serial: string;
    notBefore: string;
    notAfter: string;
    sans: string[];
    keyType: string;
    keyBits?: number;
    signatureAlgorithm?: string;
    sha256: string;
    selfSigned: boolean;
  };
  'ssh.software': { role: 'client' | 'server'; banner: string; hassh?: string };
  'ssh.hostkey': { algorithm: string; sha256: string };
  'http.server': { server?: string; poweredBy?: string; realm?: string; scheme?: string };
  'http.client': { userAgent: string };
  /** The subject is spoken to under this host name. */
  'http.host': { host: string };
  /** A recognisable API behind HTTP. */
  'http.api': { api: 'fhir' | 'dicomweb' | 'other'; software?: string };
  'ftp.server': { banner: string; system?: string };
  'telnet.server': { banner: string };
  'smb.host': {
    role: 'client' | 'server';
    hostname?: string;
    domain?: string;
    os?: string;
    dialect?: string;
    signing?: 'required' | 'enabled' | 'disabled';
  };
  'mqtt.client': { clientId: string; version: string };
  'mqtt.server': { version: string };
  'ntp.role': { role: 'client' | 'server'; version: number; stratum?: number };

  /** DICOM PS3.8 association. `aeTitle` is the subject's own, `peerAeTitle` the other side's. */
  'dicom.association': {
    role: 'requestor' | 'acceptor';
    aeTitle: string;
    peerAeTitle: string;
    result: 'requested' | 'accepted' | 'rejected' | 'aborted';
    implementationClassUid?: string;
    implementationVersion?: string;
    abstractSyntaxes: string[];
    userIdentity: boolean;
  };
  /** General Equipment module (DICOM PS3.3 C.7.5.1) of an object that the subject created and sent. */
  'dicom.equipment': {
    manufacturer?: string;
    model?: string;
    serial?: string;
    softwareVersions?: string;
    stationName?: string;
    modality?: string;
    deviceUid?: string;
    institution?: string;
    department?: string;
    sopClass?: string;
    /** True where the sender is the equipment itself, not an archive that passes the object on, as far as is visible. */
    sentByCreator: boolean;
  };
  /** HL7 v2 MSH-3..6: the subject speaks (or is spoken to) as this application at this facility. */
  'hl7.endpoint': {
    role: 'sender' | 'receiver';
    application?: string;
    facility?: string;
    messageTypes: string[];
    version?: string;
  };
  /**
   * A device named in HL7 v2 (PRT-10/16, OBX-18); it need not be the sender. Where its identifier holds a hardware
   * address, the same is stated of `{mac, ip: null, vlan: null}` with the sender as peer: named, not seen.
   */
  'hl7.device': {
    field: string;
    identifier?: string;
    namespace?: string;
    universalId?: string;
    universalIdType?: string;
    manufacturer?: string;
    model?: string;
    serial?: string;
    udi?: string;
  };

  /** Subject is the server that accepts credentials in clear. Hashes are keyed. `knownDefault` names the list entry. */
  'credential.cleartext': {
    protocol: string;
    field: string;
    userHash?: string;
    secretHash?: string;
    knownDefault?: string;
    outcome: 'accepted' | 'refused' | 'unknown';
  };
  /** Subject is a server that did work for somebody who proved nothing. */
  'service.unauthenticated': { protocol: string; operation: string };
  /** Subject sent this PHI-bearing field in clear; its value stays behind (see `Sighting.marks`). */
  'phi.cleartext': { protocol: string; field: string };
  /** Something that looks like firmware went over the wire in clear; subject is the side that sent it. */
  'firmware.cleartext': { protocol: string; image: string; bytes?: number };
}
export type FactKind = keyof Facts;
export type FactValue = string | number | boolean | string[];
