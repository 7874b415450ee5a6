/** Variable bindings of one message that are read: a bulk answer fills a datagram with some hundred. */
export const MAX_BINDINGS = 256;
/** RFC 3418: sysDescr and its like are DisplayStrings of at most 255 bytes. */
export const MAX_TEXT = 255;
/** Communities: the RFCs give no bound, agents take 32 to 255 bytes. */
export const MAX_COMMUNITY = 255;
