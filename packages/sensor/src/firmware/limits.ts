/** Bytes within which two lines of hexadecimal records must end: the longest line of either kind has 525 characters. */
export const IMAGE_HEAD = 1200;
