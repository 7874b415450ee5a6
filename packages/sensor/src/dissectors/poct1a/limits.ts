/** Longest message that is read whole; of longer ones (lists of patients) the beginning. */
export const MAX_MESSAGE = 32_768;
/** Blank and declarations before a message's first element. */
export const MAX_PROLOGUE = 512;
/** Message types of one side that are stated. */
export const MAX_TYPES = 32;
/** Characters of one text that are stated: identifiers are 80 at the most by the standard's data types. */
export const MAX_TEXT = 100;
/** Patient values of one message that are reported. */
export const MAX_VALUES = 256;
