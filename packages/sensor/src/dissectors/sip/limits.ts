/** Longest start line that recognition reads: URIs with many parameters stay below it. */
export const MAX_START_LINE = 1024;
/** Longest head: a datagram holds less, and proxies with a dozen Via lines on TCP do, too. */
export const MAX_HEAD = 16_384;
/** Longest body that is read; session descriptions are about 2 KiB. */
export const MAX_BODY = 32_768;
/** Header lines of one message. */
export const MAX_LINES = 256;
/** Lines of one session description, and media and formats in it. */
export const MAX_SDP_LINES = 512;
export const MAX_MEDIA = 16;
export const MAX_CODECS = 32;
/** Characters of a product, a realm or a host that are stated. */
export const MAX_TEXT = 128;
