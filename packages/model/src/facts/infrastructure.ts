/** What networks say of themselves and of who joins them. The rules of {@link Facts} hold here too. */
export interface InfrastructureFacts {
  /**
   * The subject sent a tunnel's packets to the peer; what they carry is counted as if it had been captured itself.
   * `identifier` is the tunnel's own number: VXLAN or GENEVE network, GRE key, NVGRE subnet, ERSPAN session, GTP endpoint.
   */
  'network.tunnel': { tunnel: string; identifier?: number };
  /** What a neighbour says of itself by CDP. `softwareVersion` is a text of several lines, joined to one. */
  'cdp.neighbour': {
    deviceId?: string;
    systemName?: string;
    platform?: string;
    softwareVersion?: string;
    portId?: string;
    capabilities?: string[];
    address?: string;
    managementAddress?: string;
    nativeVlan?: number;
    voiceVlan?: number;
    vtpDomain?: string;
    powerMilliwatts?: number;
  };
  /**
   * What a DHCPv6 client says of itself (RFC 8415). `duidMac` is a hardware address of the device, not always of the
   * card that speaks; `optionRequest` is option 6 as "23,24,39".
   */
  'dhcpv6.client': {
    duid?: string;
    duidMac?: string;
    fqdn?: string;
    vendorClass?: string;
    vendorEnterprise?: number;
    optionRequest?: string;
    mudUrl?: string;
  };
  /** A reply grants the subject's address to the subject's hardware address, where that is known. `server` is its DUID. */
  'dhcpv6.lease': { server?: string; leaseSeconds?: number; fqdn?: string };
  /** A reply delegates a prefix to the subject, a router. */
  'dhcpv6.prefix': { server?: string; leaseSeconds?: number; prefix: string };
  /** What a DHCPv6 server hands out; on a client's link the sender may be the server's relay. */
  'dhcpv6.server': { duid?: string; duidMac?: string; dnsServers?: string[]; domains?: string[] };
  /**
   * Link-layer addresses of neighbour discovery (RFC 4861). `advertisement` answers a question, `announcement` does
   * not; `probe` asks whether an address is free (RFC 4862 §5.4).
   */
  'ndp.binding': { operation: 'solicitation' | 'advertisement' | 'announcement' | 'probe' };
  /**
   * A router advertisement. A lifetime of zero means that it is no default router. `managed`: addresses by DHCPv6;
   * `autonomousPrefixes`: those that hosts make their own addresses in.
   */
  'ndp.router': {
    lifetimeSeconds: number;
    managed: boolean;
    otherConfiguration: boolean;
    preference: 'high' | 'medium' | 'low';
    hopLimit?: number;
    prefixes?: string[];
    autonomousPrefixes?: string[];
    mtu?: number;
    dnsServers?: string[];
    domains?: string[];
  };
  /** Takes part in IEEE 802.1X port authentication. `method` is the EAP method. */
  'eapol.party': {
    role: 'supplicant' | 'authenticator';
    method?: string;
    result?: 'success' | 'failure';
    keyHandshake?: boolean;
  };
  /** A switch, access point or gateway asks a RADIUS server. `password`: it passed on a password that RADIUS itself guards. */
  'radius.client': {
    nasIdentifier?: string;
    nasAddress?: string;
    messageAuthenticator: boolean;
    password: boolean;
  };
  'radius.server': { messageAuthenticator: boolean };
  /**
   * A RADIUS client (the peer) says that the subject, named by its hardware address, is at one of its ports. `proof`:
   * how it proves itself; a hardware address is none. `vlan` is what the server assigned.
   */
  'radius.station': {
    nas?: string;
    port?: string;
    portType?: string;
    calledStation?: string;
    proof?: 'eap' | 'mac-address' | 'password' | 'chap';
    result?: 'accepted' | 'refused';
    vlan?: string;
  };
  /**
   * An SNMPv3 engine (RFC 3411 §5) by its id in hexadecimal, the maker's enterprise number, and the address that it was
   * named after. `security` is that of the message; the user's name stays behind as a mark.
   */
  'snmp.engine': {
    engineId: string;
    enterprise: number;
    security: 'none' | 'authenticated' | 'encrypted';
    mac?: string;
    ip?: string;
    boots?: number;
  };
  /** The subject sent log messages in clear; their text is never read. `facility` is that of RFC 5424 §6.2.1. */
  'syslog.sender': {
    format: 'rfc3164' | 'rfc5424';
    facility: number;
    hostname?: string;
    application?: string;
  };
  /**
   * A clock of precision time (IEEE 1588) by its identity in hexadecimal; a master names its grandmaster. The first version names
   * its domain, and says a stratum in place of a class.
   */
  'ptp.clock': {
    role: 'master' | 'slave';
    clockId: string;
    domain: number | string;
    grandmaster?: string;
    clockClass?: number;
    stratum?: number;
    priority?: number;
  };
  /** A port of a bridge announces its bridge and the root of the spanning tree (IEEE 802.1D). */
  'stp.bridge': {
    protocol: 'stp' | 'rstp' | 'mstp' | 'spb';
    bridgeMac: string;
    bridgePriority: number;
    rootMac: string;
    rootPriority: number;
    isRoot: boolean;
  };
  /** A router stands in for the addresses of a virtual one (RFC 5798). */
  'vrrp.router': { version: number; group: number; priority: number; addresses: string[] };
  /** The same by Cisco's own protocol (RFC 2281, and its second version); the address is left out while it is learnt. */
  'hsrp.router': {
    version: number;
    group: number;
    priority: number;
    state: 'initial' | 'learn' | 'listen' | 'speak' | 'standby' | 'active';
    address?: string;
  };
  /** A host listens to a group of IPv6, by either version's report (RFC 2710, RFC 3810). */
  'mld.listener': { group: string; version: number };
  /** A router asks a link which groups are listened to. */
  'mld.querier': { version: number };
  /** The subject told the host it spoke to that another next hop leads to the destination. */
  'ndp.redirect': { destination: string; nextHop: string };
}
