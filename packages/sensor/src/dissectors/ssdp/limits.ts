/** Header lines of one message: UPnP defines a dozen, vendors add some. */
export const MAX_HEADERS = 64;
/** Longest header value that becomes a fact; real ones have below 200 characters. */
export const MAX_VALUE = 256;
