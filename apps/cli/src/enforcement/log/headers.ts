import type { Packet } from '@wardline/policy';

const TCP = 6;
/** Headers between IPv6 and what it carries (RFC 8200 §4.1): hop-by-hop, routing, fragment, destination options. */
const extensions = new Set([0, 43, 44, 60]);
const FRAGMENT = 44;
const ported = new Set([6, 17, 33, 132, 136]);
const icmp = new Set([1, 58]);

/** The packet that the octets begin, as an enforcement point sees it; null where there is too little of it. */
export function packetOf(octets: Buffer): Packet | null {
  const version = octets.length === 0 ? 0 : octets[0]! >> 4;
  if (version === 4) return ipv4(octets);
  return version === 6 ? ipv6(octets) : null;
}

const numberOf = (octets: Buffer): bigint => BigInt(`0x${octets.toString('hex')}`);

function ipv4(octets: Buffer): Packet | null {
  if (octets.length < 20) return null;
  const header = (octets[0]! & 0xf) * 4;
  const isFirst = (octets.readUInt16BE(6) & 0x1fff) === 0;
  if (header < 20) return null;
  const above = isFirst ? octets.subarray(header) : Buffer.alloc(0);
  return {
    family: 4,
    source: numberOf(octets.subarray(12, 16)),
    destination: numberOf(octets.subarray(16, 20)),
    ...transport(octets[9]!, above),
  };
}

function ipv6(octets: Buffer): Packet | null {
  if (octets.length < 40) return null;
  let next = octets[6]!;
  let at = 40;
  while (extensions.has(next) && at + 8 <= octets.length) {
    const length = next === FRAGMENT ? 8 : (octets[at + 1]! + 1) * 8;
    next = octets[at]!;
    at += length;
  }
  return {
    family: 6,
    source: numberOf(octets.subarray(8, 24)),
    destination: numberOf(octets.subarray(24, 40)),
    ...transport(next, octets.subarray(at)),
  };
}

/** Ports, or type and code; nought where the octets end before them. */
function transport(protocol: number, octets: Buffer): Omit<Packet, 'family' | 'source' | 'destination'> {
  const fields = { protocol: BigInt(protocol), sourcePort: 0n, destinationPort: 0n, established: 0n };
  if (icmp.has(protocol) && octets.length >= 2)
    return { ...fields, sourcePort: BigInt(octets[0]!), destinationPort: BigInt(octets[1]!) };
  if (!ported.has(protocol) || octets.length < 4) return fields;
  const ports = {
    sourcePort: BigInt(octets.readUInt16BE(0)),
    destinationPort: BigInt(octets.readUInt16BE(2)),
  };
  // ACK or RST (RFC 9293 §3.1).
  const isLater = protocol === TCP && octets.length >= 14 && (octets[13]! & 0x14) !== 0;
  return { ...fields, ...ports, established: isLater ? 1n : 0n };
}
