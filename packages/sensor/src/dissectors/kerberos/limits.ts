/** Longest message that is read: tickets with many groups reach some 20 KiB; longer ones are skipped. */
export const MAX_MESSAGE = 32_768;
/** Longest message that can be one; a larger length is not Kerberos. */
export const MAX_LENGTH = 1024 * 1024;
/** Encryption types, proofs and addresses of one request that are read: real ones have a dozen. */
export const MAX_ITEMS = 32;
/** Characters of a realm or host name: DNS names take 253. */
export const MAX_NAME = 255;
