/** Characters of the server's last words that are kept to find a prompt in; a line and the message before it fit. */
export const MAX_TAIL = 512;
/** Characters of the banner before the first prompt. */
export const MAX_BANNER = 512;
/** Longest line that a person types at a prompt. */
export const MAX_LINE = 256;
/** Bytes of one subnegotiation that are kept; environment variables are short. */
export const MAX_SUBNEGOTIATION = 1024;
/** Login attempts of one connection that are followed; servers hang up after three. */
export const MAX_ATTEMPTS = 256;
