/** Options of one message: there are 254 codes; a code that is split over several options comes more often. */
export const MAX_OPTIONS = 320;
/** Bytes of one option after its parts are joined (RFC 3396): a frame cannot carry more than this in DHCP. */
export const MAX_OPTION_BYTES = 2048;
/** Host names, vendor classes and the like: one option part holds 255 bytes. */
export const MAX_TEXT = 255;
/** A MUD URL's option holds 255 bytes (RFC 8520 §10). */
export const MAX_MUD_URL = 255;
/** Addresses kept of a list of routers or name servers: real scopes hand out up to four. */
export const MAX_ADDRESSES = 16;
