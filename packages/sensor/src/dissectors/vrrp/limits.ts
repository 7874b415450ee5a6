/** RFC 5798 §7.1: another value shows that the packet crossed a router. */
export const HOP_LIMIT = 255;
/** Addresses kept of one virtual router: real ones have one or two. */
export const MAX_ADDRESSES = 16;
