import { BlockList, isIP } from 'node:net';

/** Where an address leads, as far as it tells. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'never';

const list = (...subnets: [network: string, prefix: number, family: 'ipv4' | 'ipv6'][]): BlockList => {
  const blocks = new BlockList();
  for (const [network, prefix, family] of subnets) blocks.addSubnet(network, prefix, family);
  return blocks;
};

const loopback = list(['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6']);

/** RFC 1918, RFC 6598, RFC 4193. */
const inside = list(
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
);

/**
 * Where nothing of ours is ever asked: this network, link-local (where clouds keep their credentials), multicast, and what the
 * registries of RFC 6890 keep for tests, benchmarks and the future.
 */
const never = list(
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['fd00:ec2::254', 128, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
);

/** The kind of an address; an IPv6 address that carries an IPv4 one is of that one's kind. */
export function addressKind(address: string): AddressKind {
  const carried = carriedIpv4(address);
  if (carried !== null) return addressKind(carried);
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || never.check(address, family)) return 'never';
  if (loopback.check(address, family)) return 'loopback';
  return inside.check(address, family) ? 'private' : 'public';
}

/** IPv4 within IPv6: mapped (RFC 4291 §2.5.5), compatible, NAT64 (RFC 6052), 6to4 (RFC 3056). */
function carriedIpv4(address: string): string | null {
  if (isIP(address) !== 6) return null;
  const words = wordsOf(address);
  const dotted = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const zero = (count: number) => words.slice(0, count).every((word) => word === 0);
  if (zero(5) && words[5] === 0xffff) return dotted(words[6]!, words[7]!);
  if (zero(6) && (words[6] !== 0 || words[7]! > 1)) return dotted(words[6]!, words[7]!);
  if (words[0] === 0x64 && words[1] === 0xff9b) return dotted(words[6]!, words[7]!);
  if (words[0] === 0x2002) return dotted(words[1]!, words[2]!);
  return null;
}

/** The eight words of an IPv6 address; the URL parser brings every way of writing it into one. */
function wordsOf(address: string): number[] {
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const words = (text: string) =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  if (tail === undefined) return words(head);
  const [left, right] = [words(head), words(tail)];
  return [...left, ...Array.from({ length: 8 - left.length - right.length }, () => 0), ...right];
}
