/** RFC 6763 §6.1: a TXT string has at most 255 bytes. */
export const MAX_TXT = 255;
/** Product-describing strings kept of one service: there are fewer keys than that. */
export const MAX_TXT_ENTRIES = 32;
/** Services stated from one message: a printer announces some ten, a proxy more. */
export const MAX_SERVICES = 64;
/** Host names stated from one message: one host has one name and a handful of addresses. */
export const MAX_HOSTS = 32;
/** RFC 1035 §3.1 */
export const MAX_NAME = 255;
