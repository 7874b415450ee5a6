import type { Range } from './addresses.ts';

/** A wildcard over one address: the addresses whose bits under the mask are those of the value; null where they are too many. */
export function maskedRanges(mask: bigint, value: bigint, most: number): Range[] | null {
  if ((value & ~mask) !== 0n) return [];
  const free = [...Array(32).keys()].map(BigInt).filter((bit) => ((mask >> bit) & 1n) === 0n);
  let low = 0;
  while (free[low] === BigInt(low)) low += 1;
  const tail = (1n << BigInt(low)) - 1n;
  const holes = free.slice(low);
  if (2 ** holes.length > most) return null;
  return Array.from({ length: 2 ** holes.length }, (_, index) => {
    const first = holes.reduce((sum, bit, at) => ((index >> at) & 1 ? sum | (1n << bit) : sum), value);
    return { first, last: first | tail };
  });
}
