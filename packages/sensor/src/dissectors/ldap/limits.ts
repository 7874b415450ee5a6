/** Longest message that is read; binds with a Kerberos ticket reach 16 KiB, entries with pictures are skipped. */
export const MAX_MESSAGE = 32_768;
/** Longest message that can be one; larger lengths are damage (directories take 10 MiB by default at most). */
export const MAX_LENGTH = 64 * 1024 * 1024;
/** Binds and upgrades that wait for their answer; clients do one at a time (RFC 4511 §4.2.1). */
export const MAX_PENDING = 16;
/** Attributes of one entry, and values of one attribute, that are read: Active Directory's root has some forty. */
export const MAX_ATTRIBUTES = 128;
export const MAX_VALUES = 64;
/** Characters of a text that is stated: DNS names take 253. */
export const MAX_TEXT = 255;
/** Assertions of a search filter that are read, nested at most so deep; a ping for a domain controller has five. */
export const MAX_ASSERTIONS = 32;
/** Labels and pointers of one name in a domain controller's answer. */
export const MAX_LABELS = 32;
