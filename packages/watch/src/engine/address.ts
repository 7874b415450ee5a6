import type { Endpoint } from '@wardline/model';

/** What a device is called without knowledge of assets: its IP address, else its hardware address. */
export function addressKey({ ip, mac }: Endpoint): string {
  return ip ?? mac ?? 'unknown';
}

const insideV4 =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.|0\.|100\.(6[4-9]|[789]\d|1[01]\d|12[0-7])\.)/;

/**
 * True for addresses that are nobody's private network (RFC 1918, 6598, 3927, 4193, 4291). Addresses of documentation and
 * benchmarks count as outside, as a router would treat them.
 */
export function isOutside(ip: string | null): boolean {
  if (ip === null || isGroup({ ip, mac: null })) return false;
  if (ip.includes(':')) return !/^(::1?$|f[cd]|fe[89ab])/.test(ip);
  return !insideV4.test(ip);
}

/** True for addresses that nobody has alone: multicast, broadcast. */
export function isGroup({ ip, mac }: Pick<Endpoint, 'ip' | 'mac'>): boolean {
  if (mac !== null && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return true;
  if (ip === null) return false;
  if (ip.includes(':')) return ip.startsWith('ff');
  const first = Number(ip.slice(0, ip.indexOf('.')));
  return (first >= 224 && first < 240) || ip === '255.255.255.255';
}

/** Hardware addresses of virtual routers (VRRP, HSRP, GLBP), which move between devices by design. */
export function isVirtualRouter(mac: string): boolean {
  return /^(00:00:5e:00:0[12]|00:00:0c:(07:ac|9f:f)|00:07:b4:00|00:05:73:a0)/.test(mac);
}
