/** Attributes of one list that are looked at; an MDS has some thirty. */
export const MAX_ATTRIBUTES = 96;
/** Entries of a production specification: one for each board. */
export const MAX_SPECIFICATIONS = 48;
/** Contexts and objects of one poll result that are walked. */
export const MAX_OBJECTS = 64;
/** Characters of one text that are stated. */
export const MAX_TEXT = 100;
