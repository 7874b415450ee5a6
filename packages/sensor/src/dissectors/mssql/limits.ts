/** Longest packet that is read; servers take at most 32,767 bytes, logins fit into the 4,096 of the start. */
export const MAX_PACKET = 8192;
/** Options of a greeting, and tokens of an answer, that are read. */
export const MAX_ITEMS = 32;
/** Characters of a name that are stated ([MS-TDS] §2.2.6.4 allows 128). */
export const MAX_TEXT = 128;
