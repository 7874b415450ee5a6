/** Tags of one APDU that are walked: 1476 bytes hold as many of one byte each, real answers a few dozen. */
export const MAX_TAGS = 1476;
/** Characters of a property that are stated. */
export const MAX_TEXT = 128;
/** Broadcast table entries and network numbers that are stated; sites have a dozen. */
export const MAX_PEERS = 64;
