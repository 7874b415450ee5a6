/** How addresses are written everywhere in Wardline; dissectors that find addresses in payloads use the same. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `02:00:5e:10:00:ff` from six bytes at `at`. */
export function macAt(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = 1; i < 6; i++) text += `:${HEX[bytes[at + i]!]}`;
  return text;
}

/** Dotted decimal from four bytes at `at`. */
export function ipv4At(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** RFC 5952 form of sixteen bytes at `at`; IPv4-mapped addresses stay hexadecimal, so that no two forms name one address. */
export function ipv6At(bytes: Uint8Array, at: number): string {
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[at + i]! << 8) | bytes[at + i + 1]!);
  return formatGroups(groups);
}

/** A MAC address from its first two and last four bytes. */
export function formatMac(high: number, low: number): string {
  const upper = `${HEX[(high >>> 8) & 255]}:${HEX[high & 255]}`;
  return `${upper}:${HEX[low >>> 24]}:${HEX[(low >>> 16) & 255]}:${HEX[(low >>> 8) & 255]}:${HEX[low & 255]}`;
}

export function formatIpv4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

export function formatIpv6(a: number, b: number, c: number, d: number): string {
  return formatGroups([a, b, c, d].flatMap((word) => [word >>> 16, word & 0xffff]));
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups is `::`. */
function formatGroups(groups: readonly number[]): string {
  const [start, length] = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  let start = 0;
  for (let i = 0; i < groups.length; i++) {
    if (groups[i] !== 0) start = i + 1;
    else if (i + 1 - start > best[1]) best = [start, i + 1 - start];
  }
  return best;
}
