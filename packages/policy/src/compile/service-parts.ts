import type { Range } from '../space/addresses.ts';
import { intersectRanges } from '../space/boxes.ts';
import { type Box, hasPorts, isIcmp } from '../space/packet.ts';

/**
 * One protocol of a service. Null where the field may be anything that it can be. For ICMP the source stands for the
 * type and the destination for the code.
 */
export interface ServiceElement {
  protocol: bigint;
  source: readonly Range[] | null;
  destination: readonly Range[] | null;
}

/** The protocols of a box one by one, with what they ask of their ports; every protocol where it asks nothing. */
export function elementsOf(box: Box): 'any' | ServiceElement[] {
  if (box.protocol === undefined && box.sourcePort === undefined && box.destinationPort === undefined)
    return 'any';
  return valuesOf(box.protocol ?? [{ first: 0n, last: 255n }]).flatMap((protocol) => {
    const most = isIcmp(protocol) ? 255n : hasPorts(protocol) ? 65_535n : 0n;
    const [source, destination] = [fieldOf(box.sourcePort, most), fieldOf(box.destinationPort, most)];
    return source?.length === 0 || destination?.length === 0 ? [] : [{ protocol, source, destination }];
  });
}

function fieldOf(ranges: readonly Range[] | undefined, most: bigint): Range[] | null {
  if (ranges === undefined) return null;
  const fitting = intersectRanges(ranges, [{ first: 0n, last: most }]);
  return fitting[0]?.first === 0n && fitting[0].last === most ? null : fitting;
}

export const valuesOf = (ranges: readonly Range[]): bigint[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: Number(last - first) + 1 }, (_, index) => first + BigInt(index)),
  );

export const rangeText = ({ first, last }: Range): string =>
  first === last ? `${first}` : `${first}-${last}`;
