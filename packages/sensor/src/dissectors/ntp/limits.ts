/** RFC 5905 §7.3: the header without extension fields. */
export const HEADER = 48;
/** Header, extension fields and message digest; autokey's fields with certificates are the largest. */
export const MAX_MESSAGE = 1500;
/** Seconds since 1900 of 1 January 2000: a server whose clock is set shows a later time. */
export const EARLIEST_TIME = 3_155_673_600;
