/** Bytes of one direction's handshake that are put together: a hello with post-quantum keys has some 2 KiB. */
export const MAX_CRYPTO = 16_384;
/** Pieces of a handshake that may lie apart: browsers shuffle one hello into some twenty. */
export const MAX_PIECES = 64;
/** Packets in one datagram (RFC 9000 §12.2): three kinds are coalesced at most. */
export const MAX_COALESCED = 8;
/** Frames of one packet that are read; runs of padding count as one. */
export const MAX_FRAMES = 256;
/** Datagrams of one connection that are looked at: a handshake with losses takes a dozen. */
export const MAX_DATAGRAMS = 64;
/** Handshake messages read of one side before its hello: a retry may come first. */
export const MAX_MESSAGES = 4;
/** RFC 9000 §17.2. */
export const MAX_CONNECTION_ID = 20;
/** RFC 9000 §7.2: what a client first calls its server by. */
export const MIN_FIRST_CONNECTION_ID = 8;
