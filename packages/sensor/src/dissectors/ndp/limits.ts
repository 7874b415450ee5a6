/** Options of one message: routers of large sites send about ten; a jumbo frame of empty ones could hold a thousand. */
export const MAX_OPTIONS = 64;
/** Prefixes, name servers and search domains kept of one advertisement: real routers announce up to four. */
export const MAX_ITEMS = 16;
/** RFC 4861 §6.1 and §7.1: another value shows that the packet crossed a router and is no neighbour's. */
export const HOP_LIMIT = 255;
