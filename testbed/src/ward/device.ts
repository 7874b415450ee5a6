/** A service that the device offers and that somebody uses during the recording. */
export interface TruthService {
  transport: 'tcp' | 'udp';
  port: number;
  application: string;
}

export interface DhcpClient {
  program: 'udhcpc' | 'dhclient';
  /** DHCP option 60. */
  vendorClass: string;
  /** DHCP option 55, in this order. */
  parameters: number[];
}

export interface Device {
  /** Its name space is `wl-` + id. */
  id: string;
  /** What people of the ward call it. */
  name: string;
  hostname: string;
  /** Null for what stands behind a router that does not route the ward's VLANs. */
  vlan: number | null;
  mac: string;
  ip: string;
  dhcp?: DhcpClient;
  /** A class of the knowledge's taxonomy. */
  class: string;
  vendor: string | null;
  model: string | null;
  serial: string | null;
  software: string | null;
  services?: TruthService[];
  /** Kinds of credentials that pass in clear towards it, never the credentials. */
  credentials?: string[];
  /** Finding rules of the knowledge that ought to fire. */
  findings?: string[];
  /** IPv6 stays on, as on most office machines. */
  ipv6?: boolean;
  /** Null: a shadow device, which no register knows. */
  register: RegisterPart | null;
}

export interface RegisterPart {
  tag: string;
  type: string;
  department: string;
  location: string;
  owner: string;
  criticality: string;
  /** What the register has wrong, or else than the network shows. */
  differs?: Partial<Record<'serial' | 'software' | 'ip', string>>;
}

export const vlans = { imaging: 10, monitoring: 20, clinical: 30, office: 40, management: 99 } as const;

/** The address plan: 10.20.VLAN.0/24 in house A, 10.30.(VLAN − 100).0/24 in house B; the router is .1. */
export function gatewayOf(vlan: number): string {
  return `${networkOf(vlan)}.1`;
}

/** The first three octets of a VLAN's addresses. */
export function networkOf(vlan: number): string {
  return vlan < 100 ? `10.20.${vlan}` : `10.30.${vlan - 100}`;
}

export const tcp = (port: number, application: string): TruthService => ({
  transport: 'tcp',
  port,
  application,
});
export const udp = (port: number, application: string): TruthService => ({
  transport: 'udp',
  port,
  application,
});
