/** Longest start line that recognition reads: addresses of streams with many parameters stay below it. */
export const MAX_START_LINE = 1024;
/** Longest body that is read; session descriptions are about 2 KiB. */
export const MAX_BODY = 32_768;
/** Characters of a product, a realm or a name that are stated. */
export const MAX_TEXT = 128;
