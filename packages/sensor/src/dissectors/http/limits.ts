/** Longest head (start line and fields) that is read: servers refuse more than 8 to 32 KiB themselves. */
export const MAX_HEAD = 32_768;
/** Fields of one head that are kept. */
export const MAX_FIELDS = 128;
/** First bytes of a body that are looked at: a login form, a patient's demographics and an image's magic fit. */
export const BODY_SAMPLE = 8192;
/** Requests that wait for their response; pipelining clients send fewer. */
export const MAX_PENDING = 128;
/** Longest line of a chunk's size with its extensions. */
export const MAX_CHUNK_LINE = 1024;
/** Trailer bytes behind a chunked body. */
export const MAX_TRAILER = 16_384;
/** Pairs of a query or form that are looked at. */
export const MAX_PAIRS = 128;
/** Values of one JSON sample that are looked at, and how deep. */
export const MAX_LEAVES = 512;
export const MAX_JSON_DEPTH = 32;
/** Parts of a multipart body whose start is looked at. */
export const MAX_PARTS = 8;
/** Characters of a header value that are stated. */
export const MAX_TEXT = 256;
/** Different texts of one connection that are remembered, so that each is stated once. */
export const MAX_STATED = 64;
/** Bytes of a SOAP body that are looked at: a device's description of itself has some ten KiB before its metadata. */
export const SOAP_SAMPLE = 65_536;
