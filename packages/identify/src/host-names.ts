import type { Facts, Sighting } from '@wardline/model';

/** Names that images and factories give to many machines. */
const GENERIC =
  /^(localhost|ubuntu|debian|raspberrypi|linux|android(-.*)?|iphone|ipad|espressif|esp[-_].*|windows|workgroup|host|server|client|unknown|default|none|user-pc|pc|switch|router|printer|openwrt)$/;

/** NetBIOS suffixes of a machine's own name: workstation and server service (RFC 1001 appendix). */
const MACHINE_SUFFIXES = new Set([0x00, 0x20]);

/** True where a name can tell machines apart. */
export function isTellingHostName(name: string): boolean {
  const first = name.split('.')[0]!.toLowerCase();
  return first.length >= 3 && !GENERIC.test(first) && !/^\d+$/.test(first);
}

/** What a machine calls itself in a sighting; null where the sighting holds no such name. */
export function hostNameOf(sighting: Sighting): string | null {
  const name = rawName(sighting)?.trim().replace(/\.$/, '') ?? '';
  return /^[\p{L}\p{N}][\p{L}\p{N} ._'()-]{0,120}$/u.test(name) ? name : null;
}

function rawName(sighting: Sighting): string | undefined {
  switch (sighting.kind) {
    case 'cdp.neighbour':
      return cdpName(sighting.facts as Facts['cdp.neighbour']);
    case 'dhcp.client': {
      const f = sighting.facts as Facts['dhcp.client'];
      return f.fqdn ?? f.hostname;
    }
    case 'dhcp.lease':
      return (sighting.facts as Facts['dhcp.lease']).hostname;
    case 'dhcpv6.client':
      return (sighting.facts as Facts['dhcpv6.client']).fqdn;
    case 'dhcpv6.lease':
      return (sighting.facts as Facts['dhcpv6.lease']).fqdn;
    case 'mdns.host':
      return (sighting.facts as Facts['mdns.host']).name.replace(/\.local\.?$/i, '');
    case 'nbns.name': {
      const f = sighting.facts as Facts['nbns.name'];
      return !f.group && MACHINE_SUFFIXES.has(f.suffix) ? f.name : undefined;
    }
    case 'radius.client':
      return (sighting.facts as Facts['radius.client']).nasIdentifier;
    case 'smb.host':
      return (sighting.facts as Facts['smb.host']).hostname;
    case 'amqp.server':
    case 'database.client':
    case 'kerberos.client':
    case 'kerberos.ticket':
    case 'ldap.client':
    case 'ldap.server':
    case 'mail.client':
    case 'mail.server':
    case 'rdp.client':
    case 'rpc.client':
    case 'vnc.server':
      return (sighting.facts as Facts['ldap.server']).hostname;
    case 'dpws.device':
      return (sighting.facts as Facts['dpws.device']).hostname;
    case 'snmp.system':
      return (sighting.facts as Facts['snmp.system']).sysName;
    case 'lldp.neighbour':
      return (sighting.facts as Facts['lldp.neighbour']).systemName;
    default:
      return undefined;
  }
}

/** A CDP device id is the host name, in some systems with the serial number behind it in brackets. */
function cdpName({ systemName, deviceId }: Facts['cdp.neighbour']): string | undefined {
  return systemName ?? deviceId?.replace(/\([^()]{0,40}\)$/, '');
}
