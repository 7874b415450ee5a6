/** Elements of one document that are looked at: a device's whole self-description has some hundred. */
export const MAX_ELEMENTS = 4096;
/** Depth that is followed; messages of devices nest a dozen levels. */
export const MAX_DEPTH = 48;
/** Attributes of one element that are kept. */
export const MAX_ATTRIBUTES = 24;
/** Characters of an element's own text that are kept. */
export const MAX_ELEMENT_TEXT = 2048;
