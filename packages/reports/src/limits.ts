/** A code of a longer address has squares that a reader on a ward no longer tells apart on a label of 29 millimetres. */
export const LABEL_ADDRESS_CHARS = 200;
