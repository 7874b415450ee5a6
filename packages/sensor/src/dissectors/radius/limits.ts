/** RFC 2865 §3: a packet has at least a head and at most 4,096 bytes. */
export const HEADER = 20;
export const MAX_PACKET = 4096;
/** Attributes of one packet: an EAP packet in pieces and vendors' own make some forty. */
export const MAX_ATTRIBUTES = 256;
/** Texts: one attribute holds 253 bytes. */
export const MAX_TEXT = 253;
