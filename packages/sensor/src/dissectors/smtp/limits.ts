/** Commands that wait for their reply: pipelining sends a mail's recipients at once (RFC 2920), some hundred at most. */
export const MAX_PENDING = 1024;
/** Characters of a greeting that are stated; RFC 5321 §4.5.3.1.5 allows a reply line of 512. */
export const MAX_BANNER = 512;
/** Characters of a host name. */
export const MAX_NAME = 255;
/** Authentication mechanisms of one server that are stated. */
export const MAX_MECHANISMS = 32;
