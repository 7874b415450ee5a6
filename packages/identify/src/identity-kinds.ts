import type { FactKind } from '@wardline/model';

/** The kinds of sightings that tell which endpoints are one device; `resolve` needs these and no others. */
export const identityKinds = [
  'address.seen',
  'amqp.server',
  'arp.binding',
  'cdp.neighbour',
  'database.client',
  'dhcp.client',
  'dhcp.lease',
  'dhcpv6.client',
  'dhcpv6.lease',
  'dicom.equipment',
  'kerberos.client',
  'kerberos.ticket',
  'ldap.client',
  'ldap.server',
  'lldp.neighbour',
  'mail.client',
  'mail.server',
  'mdns.host',
  'nbns.name',
  'ndp.binding',
  'rdp.client',
  'rpc.client',
  'smb.host',
  'snmp.system',
  'ssh.hostkey',
  'tls.certificate',
  'vnc.server',
] as const satisfies readonly FactKind[];

const known: ReadonlySet<string> = new Set(identityKinds);

export function isIdentityKind(kind: string): boolean {
  return known.has(kind);
}
