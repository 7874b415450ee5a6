/** What is read from the frame at hand: one object, filled anew for each frame, of 32-bit integers only. */
export class Packet {
  /** A link layer with addresses. */
  hasSourceMac = false;
  hasTargetMac = false;
  sourceMacHigh = 0;
  sourceMacLow = 0;
  targetMacHigh = 0;
  targetMacLow = 0;
  /** -1: untagged. */
  vlan = -1;
  etherType = 0;
  /** 4 or 6. */
  version = 0;
  /** Addresses as four words; an IPv4 address is the fourth, the others are 0. */
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  target0 = 0;
  target1 = 0;
  target2 = 0;
  target3 = 0;
  protocol = 0;
  ttl = 0;
  /** A fragment's offset in bytes; more of them follow. */
  fragmentOffset = 0;
  moreFragments = false;
  fragmentId = 0;
  /** What the datagram's own bytes start with: an IP protocol or an extension header. */
  fragmentProtocol = 0;
  /** A fragment's own bytes, as far as they were captured, and whether some were not. */
  fragmentStart = 0;
  fragmentEnd = 0;
  isFragmentCut = false;
  hasPorts = false;
  sourcePort = 0;
  targetPort = 0;
  tcpFlags = 0;
  sequence = 0;
  acknowledgement = 0;
  /** ICMP type. */
  icmpType = -1;
  /** The transport's payload, as far as it was captured, and its length on the wire. */
  payloadStart = 0;
  payloadEnd = 0;
  payloadLength = 0;
}
