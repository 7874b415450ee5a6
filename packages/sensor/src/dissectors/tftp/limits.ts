/** A request with options fits one datagram of 512 bytes (RFC 2347). */
export const MAX_REQUEST = 512;
/** Options of one request: four are standardised. */
export const MAX_OPTIONS = 16;
/** First block: 512 bytes, or a negotiated size (RFC 2348) up to what an Ethernet frame holds. */
export const DATA_HEADER = 4;
