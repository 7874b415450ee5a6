/** Bytes below a zone beyond which a question is stated: content networks' names have some forty. */
export const LONG_BYTES = 50;
/** The same for types whose answers carry anything: mail and ownership records stand below short names. */
export const CARRYING_BYTES = 16;
/** RFC 1035 §3.1: a name has at most 255 bytes on the wire. */
export const MAX_NAME = 255;
/** Compression pointers of one name. Each must point further back, so a loop cannot arise; honest names use one or two. */
export const MAX_POINTERS = 16;
/** Records of one message that are read: a 64 KiB answer of the smallest records could hold 5,000. */
export const MAX_RECORDS = 256;
/** Names stated from one message: an answer with more is a zone transfer or noise. */
export const MAX_NAMES_STATED = 64;
/** Messages of one TCP connection that are read: resolvers send a few, transfers thousands. */
export const MAX_STREAM_MESSAGES = 64;
