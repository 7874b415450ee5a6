/** IEEE 802.1X-2020 §11.3: version, type and length. */
export const HEADER = 4;
