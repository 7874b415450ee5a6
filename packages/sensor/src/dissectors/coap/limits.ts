/** Options of one message that are read; real ones have up to a dozen. */
export const MAX_OPTIONS = 64;
/** RFC 7252 §4.6: without knowledge of the path a message stays within one IP packet. */
export const MAX_MESSAGE = 1500;
/** Resources of one directory that are stated, and characters of each type. */
export const MAX_RESOURCES = 32;
export const MAX_TEXT = 64;
