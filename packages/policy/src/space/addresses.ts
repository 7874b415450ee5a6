/** Addresses as numbers: an IPv4 address has 32 bits, an IPv6 address 128. */

export type Family = 4 | 6;

/** Both ends belong to it. */
export interface Range {
  first: bigint;
  last: bigint;
}

export const widthOf = (family: Family): number => (family === 4 ? 32 : 128);

export const wholeRange = (bits: number): Range => ({ first: 0n, last: (1n << BigInt(bits)) - 1n });

/** The number of an address in text, with its family; null where it is none. Zones (`%eth0`) are none. */
export function parseAddress(text: string): { family: Family; value: bigint } | null {
  const value = text.includes(':') ? parseIpv6(text) : parseIpv4(text);
  return value === null ? null : { family: text.includes(':') ? 6 : 4, value };
}

function parseIpv4(text: string): bigint | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  // A leading zero is octal to some programs and decimal to others (RFC 6943 §3.1.1): neither guess is safe.
  if (match.slice(1).some((part) => part.length > 1 && part.startsWith('0'))) return null;
  return parts.every((part) => part <= 255)
    ? parts.reduce((value, part) => value * 256n + BigInt(part), 0n)
    : null;
}

function parseIpv6(text: string): bigint | null {
  const groups = groupsOf(text);
  return groups === null ? null : groups.reduce((value, group) => value * 65_536n + BigInt(group), 0n);
}

/** The eight groups of RFC 4291 §2.2, with at most one `::` and a dotted end. */
function groupsOf(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [left, right] = halves.map((half, index) => halfGroups(half, index === halves.length - 1));
  if (left === null || right === null || left === undefined) return null;
  if (right === undefined) return left.length === 8 ? left : null;
  const gap = 8 - left.length - right.length;
  return gap < 1 ? null : [...left, ...Array.from({ length: gap }, () => 0), ...right];
}

function halfGroups(half: string, isEnd: boolean): number[] | null {
  if (half === '') return [];
  const parts = half.split(':');
  const dotted = parts.at(-1)?.includes('.') ? parts.pop() : undefined;
  if (dotted !== undefined && !isEnd) return null;
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return null;
  const groups = parts.map((part) => Number.parseInt(part, 16));
  if (dotted === undefined) return groups;
  const value = parseIpv4(dotted);
  return value === null ? null : [...groups, Number(value >> 16n), Number(value & 0xffffn)];
}

export function formatAddress(family: Family, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  return formatIpv6(value);
}

/** RFC 5952: lower case, the longest run of at least two zero groups left out, the first of equals. */
function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const { start, length } = longestZeroRun(groups);
  const text = (part: bigint[]) => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}`;
}

function longestZeroRun(groups: readonly bigint[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0n) length += 1;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** `10.0.0.0/8`, `10.0.0.7`, `10.0.0.1-10.0.0.9`; null where it is none of these, or has bits beside its mask. */
export function parseAddressRange(text: string): ({ family: Family } & Range) | null {
  const dash = text.indexOf('-');
  if (dash > 0) return betweenAddresses(text.slice(0, dash), text.slice(dash + 1));
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const { family, value } = address;
  if (slash < 0) return { family, first: value, last: value };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > widthOf(family)) return null;
  const rest = (1n << BigInt(widthOf(family) - Number(length))) - 1n;
  return (value & rest) === 0n ? { family, first: value, last: value | rest } : null;
}

function betweenAddresses(from: string, to: string): ({ family: Family } & Range) | null {
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (first === null || last === null || first.family !== last.family || first.value > last.value)
    return null;
  return { family: first.family, first: first.value, last: last.value };
}

/** One prefix: the network's number and the length of its mask. */
export interface Prefix {
  value: bigint;
  length: number;
}

/** The fewest prefixes that together are exactly the range, in order. */
export function prefixesOf({ first, last }: Range, bits: number): Prefix[] {
  const prefixes: Prefix[] = [];
  for (let start = first; start <= last; ) {
    let free = start === 0n ? bits : trailingZeros(start);
    while (start + (1n << BigInt(free)) - 1n > last) free -= 1;
    prefixes.push({ value: start, length: bits - free });
    start += 1n << BigInt(free);
  }
  return prefixes;
}

function trailingZeros(value: bigint): number {
  let zeros = 0;
  while (((value >> BigInt(zeros)) & 1n) === 0n) zeros += 1;
  return zeros;
}

/** Sorted, apart from each other and not adjacent: the same set of numbers has one such form only. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const sorted = ranges.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: Range[] = [];
  for (const { first, last } of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous.last + 1n)
      previous.last = last > previous.last ? last : previous.last;
    else merged.push({ first, last });
  }
  return merged;
}
