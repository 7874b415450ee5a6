import { macAt } from './address.ts';

/** The MAC address that a modified EUI-64 was made of (RFC 4291 appendix A); null where eight bytes at `at` are none. */
export function macOfModifiedEui64(bytes: Uint8Array, at: number): string | null {
  if (at + 8 > bytes.length || bytes[at + 3] !== 0xff || bytes[at + 4] !== 0xfe) return null;
  const mac = new Uint8Array(6);
  mac.set(bytes.subarray(at, at + 3));
  mac.set(bytes.subarray(at + 5, at + 8), 3);
  mac[0]! ^= 2;
  return (mac[0]! & 1) === 1 ? null : macAt(mac, 0);
}

/** fe80::/10 (RFC 4291 §2.5.6). */
export function isLinkLocalIpv6(ip: string): boolean {
  return /^fe[89ab][0-9a-f]:/.test(ip);
}
