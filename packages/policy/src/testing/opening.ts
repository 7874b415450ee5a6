import fc from 'fast-check';
import type { Packet } from '../space/packet.ts';
import { packetArbitrary } from './random.ts';

let port = 20_000;

/** Packets that open something and that a router forwards; none answers another, in this run or an earlier one. */
export function openingPackets(tried: number): Packet[] {
  const packets = fc.sample(packetArbitrary, { numRuns: tried, seed: port });
  return packets.filter(isForwarded).flatMap((packet) => {
    port = port >= 60_000 ? 20_000 : port + 1;
    if (packet.protocol === 6n || packet.protocol === 17n) return [{ ...packet, sourcePort: BigInt(port) }];
    return packet.source < packet.destination ? [packet] : [];
  });
}

const echoes = new Map([
  [1n, 8n],
  [58n, 128n],
]);

function isForwarded({
  family,
  source,
  destination,
  protocol,
  sourcePort,
  established,
  destinationPort,
}: Packet): boolean {
  const isOpening = established === 0n && [6n, 17n, 1n, 58n, 99n].includes(protocol);
  const isEcho = !echoes.has(protocol) || (sourcePort === echoes.get(protocol) && destinationPort === 0n);
  // A kernel drops these before any rule: the other family's ICMP, nobody's addresses, port 0 of TCP and UDP.
  const fits = family === 4 ? protocol !== 58n : protocol !== 1n;
  const real = (address: bigint) =>
    family === 4 ? address > 0xffffffn && address < 0xe0000000n : address > 1n;
  const ported = protocol !== 6n && protocol !== 17n ? true : destinationPort !== 0n;
  return isOpening && isEcho && fits && ported && real(source) && real(destination) && source !== destination;
}
