/** TLVs of one frame that are read: a switch with every extension sends some thirty; a frame could hold 750 empty ones. */
export const MAX_TLVS = 256;
/** IEEE 802.1AB §8.5 lets strings have 255 bytes, organisationally specific ones 507. */
export const MAX_STRING = 507;
