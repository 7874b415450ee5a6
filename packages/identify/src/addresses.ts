import type { Endpoint } from '@wardline/model';

/** Group addresses of redundancy protocols: whichever router is active uses them (RFC 5798 §7.3, HSRP, GLBP). */
const SHARED_MACS = [
  /^00:00:5e:00:0[12]:/,
  /^00:00:0c:07:ac:/,
  /^00:00:0c:9f:f/,
  /^00:05:73:a0:0/,
  /^00:07:b4:00:/,
  /^00:00:00:00:00:00$/,
];

export function isMulticastMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
}

export function isLocalMac(mac: string): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 2) === 2;
}

/** True for addresses that belong to no single machine: zero (loopback captures) and virtual routers. */
export function isSharedMac(mac: string): boolean {
  return SHARED_MACS.some((pattern) => pattern.test(mac));
}

export function isIpv6(ip: string): boolean {
  return ip.includes(':');
}

export function isUnspecified(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::';
}

/** Never routed: RFC 3927, RFC 4291 §2.5.6. */
export function isLinkLocal(ip: string): boolean {
  return ip.startsWith('169.254.') || /^fe[89ab][0-9a-f]:/.test(ip);
}

export function isGroupIp(ip: string): boolean {
  if (isIpv6(ip)) return ip.startsWith('ff');
  const first = Number.parseInt(ip, 10);
  return first >= 224;
}

/** Globally reachable: not private (RFC 1918, 4193), shared (RFC 6598), loopback, link-local, benchmark (RFC 2544). */
export function isPublicIp(ip: string): boolean {
  if (isIpv6(ip)) return /^[23]/.test(ip);
  if (isGroupIp(ip) || isLinkLocal(ip) || isUnspecified(ip)) return false;
  return !/^(0|10|127|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|198\.1[89])\./.test(
    `${ip}.`,
  );
}

/** True where nobody in particular is meant: broadcast, multicast, or no address at all. */
export function isNobody(endpoint: Endpoint): boolean {
  const { mac, ip } = endpoint;
  if (mac !== null && isMulticastMac(mac)) return true;
  if (ip !== null && isGroupIp(ip)) return true;
  const namelessMac = mac === null || isSharedMac(mac);
  return namelessMac && (ip === null || isUnspecified(ip));
}

/** Initial values of the TTL or hop limit in use; a packet that still has one of them crossed no router. */
const INITIAL_TTLS = new Set([32, 60, 64, 100, 128, 200, 255]);
/** Below, a sender chose a small TTL on purpose (SSDP, IGMP, traceroute), which says nothing of distance. */
const TELLING_TTL = 33;

/** Whether the highest TTL seen shows that the sender is on this link. */
export function distance(ttl: number | null): 'on-link' | 'routed' | 'unknown' {
  if (ttl === null) return 'unknown';
  if (INITIAL_TTLS.has(ttl)) return 'on-link';
  return ttl < TELLING_TTL ? 'unknown' : 'routed';
}
