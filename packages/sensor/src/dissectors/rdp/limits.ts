/** Longest packet that is read before or without encryption; the client's settings take some 500 bytes. */
export const MAX_PACKET = 8192;
/** Packets of either side that are read: request, settings and their answers come first. */
export const MAX_PACKETS = 8;
/** Blocks of settings in one message ([MS-RDPBCGR] §2.2.1.3 names a dozen). */
export const MAX_BLOCKS = 32;
/** Characters of a host name ([MS-RDPBCGR] §2.2.1.3.2 sends at most 15). */
export const MAX_NAME = 63;
/** Characters of the routing cookie that are looked at: mstsc cuts the name, others send up to some hundred. */
export const MAX_COOKIE = 256;
