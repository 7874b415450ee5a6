/** Lengths between which an announcement is taken for one: seen ones have 88 bytes. */
export const MIN_LENGTH = 43;
export const MAX_LENGTH = 256;
/** Characters of the care unit's or bed's name: both share 16 bytes. */
export const MAX_TEXT = 16;
