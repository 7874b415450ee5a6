import type { Packet } from './packet.ts';

export const ICMP = 1;
export const IP_IN_IP = 4;
export const TCP = 6;
export const UDP = 17;
export const IPV6_IN_IP = 41;
export const GRE = 47;
export const ESP = 50;
export const ICMPV6 = 58;
export const SCTP = 132;
export const MPLS_IN_IP = 137;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** The transport's name as conversations carry it. */
export function transportName(protocol: number): string {
  switch (protocol) {
    case ICMP:
      return 'icmp';
    case TCP:
      return 'tcp';
    case UDP:
      return 'udp';
    case ICMPV6:
      return 'icmpv6';
    case SCTP:
      return 'sctp';
    default:
      return `ip-${protocol}`;
  }
}

/**
 * Reads ports, flags and payload of the transport into the packet. A header that is cut off leaves `hasPorts` false or
 * the payload empty; only the first fragment has a transport header.
 */
export function readTransport(view: DataView, packet: Packet): void {
  packet.hasPorts = false;
  packet.icmpType = -1;
  packet.tcpFlags = 0;
  const start = packet.payloadStart;
  const captured = packet.payloadEnd - start;
  if (packet.fragmentOffset > 0 || captured < 4) return;
  const { protocol } = packet;
  if (protocol === TCP) readTcp(view, start, captured, packet);
  else if (protocol === UDP) readUdp(view, start, captured, packet);
  else if (protocol === SCTP) readPorts(view, start, packet);
  else if (protocol === ICMP || protocol === ICMPV6) packet.icmpType = view.getUint8(start);
}

function readPorts(view: DataView, start: number, packet: Packet): void {
  packet.hasPorts = true;
  packet.sourcePort = view.getUint16(start);
  packet.targetPort = view.getUint16(start + 2);
}

function readTcp(view: DataView, start: number, captured: number, packet: Packet): void {
  readPorts(view, start, packet);
  if (captured < 20) {
    noPayload(packet);
    return;
  }
  packet.sequence = view.getInt32(start + 4);
  packet.acknowledgement = view.getInt32(start + 8);
  packet.tcpFlags = view.getUint8(start + 13);
  const headerLength = (view.getUint8(start + 12) >>> 4) * 4;
  if (headerLength < 20 || headerLength > captured) {
    noPayload(packet);
    return;
  }
  packet.payloadStart = start + headerLength;
  packet.payloadLength = Math.max(
    packet.payloadLength - headerLength,
    packet.payloadEnd - packet.payloadStart,
  );
}

function readUdp(view: DataView, start: number, captured: number, packet: Packet): void {
  readPorts(view, start, packet);
  if (captured < 8) {
    noPayload(packet);
    return;
  }
  const length = view.getUint16(start + 4);
  packet.payloadStart = start + 8;
  if (length >= 8) packet.payloadEnd = Math.min(packet.payloadEnd, start + length);
  packet.payloadLength = packet.payloadEnd - packet.payloadStart;
}

function noPayload(packet: Packet): void {
  packet.payloadStart = packet.payloadEnd;
  packet.payloadLength = 0;
}
