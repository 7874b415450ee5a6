/** Devices of one answer that are stated; a discovery proxy answers for several. */
export const MAX_MATCHES = 16;
/** Types, scopes and addresses of one device that are stated. */
export const MAX_ITEMS = 24;
/** Characters of one scope or address. */
export const MAX_TEXT = 200;
/** First characters of a datagram in which the namespace of discovery must stand. */
export const NAMESPACE_WITHIN = 2048;
