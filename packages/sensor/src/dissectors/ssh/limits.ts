/** Identification string with CR LF (RFC 4253 §4.2). */
export const MAX_IDENTIFICATION = 255;
/** Bytes of lines that a server may send before its identification; real banners of that kind are a few lines. */
export const MAX_PREAMBLE = 4096;
/** Longest packet that an implementation must take (RFC 4253 §6.1); longer ones are damage or not SSH. */
export const MAX_PACKET = 35_000;
/** Packets of one direction before encryption starts: a key exchange has fewer than ten. */
export const MAX_CLEAR_PACKETS = 32;
/** Longest algorithm list that is taken; the longest real ones stay below 1,500 characters. */
export const MAX_NAME_LIST = 8192;
/** Longest host key blob: an RSA key of 16,384 bits or a certificate fits. */
export const MAX_HOST_KEY = 16_384;
