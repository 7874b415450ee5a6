/** Longest frame that is read: what is said before a connection opens fits into 4 KiB frames (AMQP 0-9-1 §4.2.3). */
export const MAX_FRAME = 16_384;
/** Entries of a table or list that are read: brokers and clients state some dozen. */
export const MAX_ENTRIES = 64;
/** Characters of a text that is stated. */
export const MAX_TEXT = 128;
/** Mechanisms that are stated. */
export const MAX_MECHANISMS = 16;
