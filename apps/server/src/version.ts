/** The version that this server tells others. */
export const VERSION = '0.1.0';
