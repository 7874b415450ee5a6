/** Security types that a server lists: a byte counts them, real servers have at most a dozen. */
export const MAX_TYPES = 32;
/** Longest reason or desktop name that is read (RFC 6143 §7.3.2 gives no bound); longer ones are no RFB. */
export const MAX_TEXT = 4096;
/** Characters of a host name that are stated. */
export const MAX_NAME = 253;
/** Longest user name and password of the "plain" types. */
export const MAX_LOGIN = 1024;
