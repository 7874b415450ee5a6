/** How the bytes of an information element are read. */
export type Reading = 'number' | 'ipv4' | 'ipv6' | 'mac' | 'ntp';

/**
 * The information elements that conversations are made of, by number (IANA's registry of IPFIX; the first 127 are those of
 * NetFlow v9). All others are passed over.
 */
const ELEMENTS = {
  1: ['octets', 'number'],
  2: ['packets', 'number'],
  4: ['protocol', 'number'],
  6: ['flags', 'number'],
  7: ['sourcePort', 'number'],
  8: ['source4', 'ipv4'],
  11: ['destinationPort', 'number'],
  12: ['destination4', 'ipv4'],
  21: ['endUpTime', 'number'],
  22: ['startUpTime', 'number'],
  23: ['postOctets', 'number'],
  24: ['postPackets', 'number'],
  27: ['source6', 'ipv6'],
  28: ['destination6', 'ipv6'],
  34: ['samplingInterval', 'number'],
  48: ['sampler', 'number'],
  50: ['randomInterval', 'number'],
  56: ['sourceMac', 'mac'],
  57: ['postDestinationMac', 'mac'],
  58: ['vlan', 'number'],
  80: ['destinationMac', 'mac'],
  85: ['totalOctets', 'number'],
  86: ['totalPackets', 'number'],
  136: ['endReason', 'number'],
  150: ['startSeconds', 'number'],
  151: ['endSeconds', 'number'],
  152: ['startMillis', 'number'],
  153: ['endMillis', 'number'],
  154: ['startMicros', 'ntp'],
  155: ['endMicros', 'ntp'],
  156: ['startNanos', 'ntp'],
  157: ['endNanos', 'ntp'],
  158: ['startDelta', 'number'],
  159: ['endDelta', 'number'],
  160: ['initMillis', 'number'],
  166: ['notSentFlows', 'number'],
  231: ['initiatorOctets', 'number'],
  232: ['responderOctets', 'number'],
  239: ['biflowDirection', 'number'],
  243: ['dot1qVlan', 'number'],
  298: ['initiatorPackets', 'number'],
  299: ['responderPackets', 'number'],
  302: ['selector', 'number'],
  305: ['packetInterval', 'number'],
  306: ['packetSpace', 'number'],
} as const satisfies Readonly<Record<number, readonly [string, Reading]>>;

type ForwardName = (typeof ELEMENTS)[keyof typeof ELEMENTS][0];
/** What a record states of the way back (RFC 5103 §6.1). */
type ReverseName = 'reverseOctets' | 'reversePackets' | 'reverseFlags';
export type ElementName = ForwardName | ReverseName;

/** The private number under which IANA registers the way back of each element (RFC 5103). */
const REVERSE = 29_305;
const reverse: ReadonlyMap<number, ReverseName> = new Map([
  [1, 'reverseOctets'],
  [85, 'reverseOctets'],
  [2, 'reversePackets'],
  [86, 'reversePackets'],
  [6, 'reverseFlags'],
]);
const forward: ReadonlyMap<number, readonly [ForwardName, Reading]> = new Map(
  Object.entries(ELEMENTS).map(([number, element]) => [Number(number), element]),
);

/** The element of a field, or null where nothing is made of it. */
export function elementOf(element: number, enterprise: number): readonly [ElementName, Reading] | null {
  if (enterprise === 0) return forward.get(element) ?? null;
  const name = enterprise === REVERSE ? reverse.get(element) : undefined;
  return name === undefined ? null : [name, 'number'];
}
