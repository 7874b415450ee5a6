/** Bytes of a record that are read: the head of a call with 16 groups, and NFS 4's first operation, take some 600. */
export const MAX_HEAD = 1000;
/** Largest record of one fragment: servers take writes of 1 MiB. */
export const MAX_RECORD = 16 * 1024 * 1024;
/** Records of a connection that are looked at: who speaks and who is let in shows in the first ones. */
export const MAX_RECORDS = 64;
/** Calls that wait for their reply. */
export const MAX_PENDING = 64;
/** Longest name of a machine (RFC 5531 appendix A). */
export const MAX_MACHINE = 255;
/** Characters of a path and of a client's software that are stated. */
export const MAX_TEXT = 128;
/** Longest proof of a call (RFC 5531 §8.2). */
export const MAX_AUTH = 400;
