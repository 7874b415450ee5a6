/** Commands that wait for their reply; FTP is lock-step (RFC 959 §5.4), so that more is not FTP or an attack. */
export const MAX_PENDING = 64;
/** Characters of the banner that are stated: several lines of a greeting. */
export const MAX_BANNER = 512;
/** Lines of one reply of several lines. */
export const MAX_REPLY_LINES = 200;
