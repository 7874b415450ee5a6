/** Bytes of a message in which its head must stand: RFC 5424 §6 bounds the fields before the structured data to less. */
export const HEAD_BYTES = 512;
/** RFC 5424 §6: HOSTNAME has at most 255 characters, APP-NAME 48. */
export const MAX_HOSTNAME = 255;
export const MAX_APPLICATION = 48;
