/** Relays that a message may have passed: HOP_COUNT_LIMIT of RFC 8415 §7.6. */
export const MAX_RELAYS = 8;
/** Options of one level: clients send about ten; a frame of empty ones could hold some 360. */
export const MAX_OPTIONS = 128;
/** Identity associations and addresses in one that are kept: hosts ask for one or two. */
export const MAX_ADDRESSES = 16;
/** A DUID holds at most 128 bytes behind its type (RFC 8415 §11.1). */
export const MAX_DUID = 130;
/** Vendor classes and MUD URLs: one DHCPv4 option holds 255 bytes, and nobody says more here. */
export const MAX_TEXT = 255;
/** Option numbers that IANA has given out end below; beyond them random bytes are likelier than DHCPv6. */
export const LAST_OPTION = 255;
