/** RFC 2281 §5.1: the message, without what later versions append to prove it. */
export const MESSAGE_BYTES = 20;
/** Message and the longest proof that follows it (MD5); what is longer is something else. */
export const MAX_MESSAGE_BYTES = 128;
