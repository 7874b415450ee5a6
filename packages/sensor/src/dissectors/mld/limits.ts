/** RFC 3810 §5.1.14, §5.2.14: these messages never leave their link. */
export const HOP_LIMIT = 1;
/** Groups that are read of one report: an Ethernet frame holds at most 72 without sources. */
export const MAX_RECORDS = 72;
