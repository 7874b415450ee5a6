/** Names of one node status answer: the count is one byte. */
export const MAX_NAMES = 255;
/** Records of one message: real ones carry one. */
export const MAX_OWNERS = 25;
