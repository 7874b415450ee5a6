/** Longest message that is read: PostgreSQL's own bound for a start packet is 10,000 bytes. */
export const MAX_MESSAGE = 10_000;
/** Parameters of a start packet, and messages behind it, that are read. */
export const MAX_PARAMETERS = 64;
export const MAX_MESSAGES = 64;
/** Characters of a program's name or a version that are stated. */
export const MAX_TEXT = 64;
