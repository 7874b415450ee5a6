/** First bytes of a body that are enough to tell an image by its magic or by two checked lines of hexadecimal text. */
export const IMAGE_HEAD = 1024;
