/**
 * Longest A-ASSOCIATE PDU that is read: 128 presentation contexts with a dozen transfer syntaxes each and their UIDs
 * stay below it, and so does what a session may hold.
 */
export const MAX_ASSOCIATE = 60_000;
/** Presentation contexts: their identifiers are the odd numbers from 1 to 255 (PS3.8 §9.3.2.2). */
export const MAX_CONTEXTS = 128;
/** Transfer syntaxes of one presentation context that are kept; toolkits propose up to some forty. */
export const MAX_SYNTAXES = 64;
/** Longest command set that is read; all of its elements together stay below 1 KiB (PS3.7 annex E). */
export const MAX_COMMAND = 8192;
/** Longest value that is read from a dataset; names, ids and versions are shorter. */
export const MAX_VALUE = 1024;
/** Nested sequences of undefined length that are followed; real objects have fewer than ten. */
export const MAX_DEPTH = 32;
/** Characters of one equipment attribute that are stated; the longest of them (LO, 8 values) fit. */
export const MAX_TEXT = 256;
/** Different pieces of equipment of one association that are remembered, to see whether the sender is an archive. */
export const MAX_EQUIPMENT = 16;
/** Bytes of a user identity (user name, passcode or token) that are hashed. */
export const MAX_IDENTITY = 16_384;
