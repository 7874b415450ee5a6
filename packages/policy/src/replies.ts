import type { Permit } from './permits.ts';
import type { Range } from './space/addresses.ts';
import { intersectBoxes } from './space/boxes.ts';
import type { Box } from './space/packet.ts';

const only = (value: bigint): Range[] => [{ first: value, last: value }];
const TCP = 6n;
const established = only(1n);

/** ICMP requests and the type of their answers (RFC 792, RFC 4443); the others are answered by nothing. */
const icmpAnswers = new Map([
  [8n, 0n],
  [13n, 14n],
  [128n, 129n],
]);

/**
 * The packets by which the permitted are answered. A list without state must let them through by themselves: TCP only
 * with ACK or RST, UDP from the service's port, which lets a server speak first: a limit of such lists that no
 * text of ours can lift.
 */
export function repliesTo(permits: readonly Permit[]): Permit[] {
  return permits.flatMap((permit) => {
    const services = permit.services.flatMap(answersOf);
    return services.length === 0
      ? []
      : [{ ...permit, sources: permit.destinations, destinations: permit.sources, services }];
  });
}

/** Groups of protocols that are answered alike. */
const groups: readonly { protocol: Range[]; answer: (box: Box) => Box[] }[] = [
  { protocol: only(TCP), answer: (box) => [{ ...swapped(box), established }] },
  { protocol: only(1n), answer: icmpAnswer },
  { protocol: only(58n), answer: icmpAnswer },
  {
    protocol: [
      { first: 0n, last: 0n },
      { first: 2n, last: 5n },
      { first: 7n, last: 57n },
      { first: 59n, last: 255n },
    ],
    answer: (box) => [swapped(box)],
  },
];

function answersOf(box: Box): Box[] {
  return groups.flatMap(({ protocol, answer }) => {
    const part = intersectBoxes(box, { protocol });
    return part === null ? [] : answer(part);
  });
}

function swapped({ protocol, sourcePort, destinationPort }: Box): Box {
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
  };
}

function icmpAnswer({ protocol, sourcePort: types }: Box): Box[] {
  if (types === undefined) return [{ protocol: protocol! }];
  return [...icmpAnswers]
    .filter(([request]) => types.some(({ first, last }) => first <= request && request <= last))
    .map(([, answer]) => ({ protocol: protocol!, sourcePort: only(answer) }));
}
