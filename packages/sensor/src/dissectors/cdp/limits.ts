/** TLVs of one frame: switches send about twenty; a frame could hold 370 empty ones. */
export const MAX_TLVS = 128;
/** Texts: version texts of several lines run to some 300 bytes. */
export const MAX_TEXT = 512;
/** Addresses looked at in one list: real devices name one or two, and the first that is one counts. */
export const MAX_ADDRESSES = 16;
