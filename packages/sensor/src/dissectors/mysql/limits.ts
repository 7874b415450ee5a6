/** Longest packet that is read: greeting and login take some hundred bytes, with attributes a few thousand. */
export const MAX_PACKET = 16_384;
/** Characters of a version that are stated. */
export const MAX_TEXT = 64;
/** Characters of a version in a greeting; with more it is not taken for one. */
export const MAX_VERSION = 90;
