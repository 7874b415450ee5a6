import type { Surroundings } from '../../dissector.ts';

/**
 * Which addresses a DNS name is stated for. The inventory is of the hospital's own devices: names of the Internet's
 * hosts would only fill it. Local are private, shared and link-local addresses (RFC 1918, 6598, 3927, 4193, 4291), and
 * those that share the first 16 bits (IPv4) or 48 bits (IPv6) with a side of the conversation, for the hospitals that
 * use public addresses inside.
 */
export function mayBeLocal(ip: string, around: Surroundings): boolean {
  if (isPrivate(ip)) return true;
  const network = networkOf(ip);
  return [around.client.ip, around.server.ip].some((side) => side !== null && networkOf(side) === network);
}

function isPrivate(ip: string): boolean {
  if (ip.includes(':')) return /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/.test(ip);
  if (ip.startsWith('10.')) return true;
  const [a = 0, b = 0] = ip.split('.', 2).map(Number);
  if ((a === 192 && b === 168) || (a === 169 && b === 254)) return true;
  return (a === 172 && b >= 16 && b < 32) || (a === 100 && b >= 64 && b < 128);
}

/** Good enough for equality: an address whose first three groups are written out has them in front. */
function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip.split('.').slice(0, 2).join('.');
  const groups = ip.split('::')[0]!.split(':');
  while (groups.length < 3) groups.push('0');
  return groups.slice(0, 3).join(':');
}
