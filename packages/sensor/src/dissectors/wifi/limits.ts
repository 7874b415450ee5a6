/** Elements of one frame that are read: a beacon of today has some thirty; a frame could hold a thousand empty ones. */
export const MAX_ELEMENTS = 128;
/** Cipher or key management suites of one element (IEEE 802.11 §9.4.2.24): access points offer up to half a dozen. */
export const MAX_SUITES = 16;
/** Attributes of one WPS element (Wi-Fi Simple Configuration §12): some twenty are sent. */
export const MAX_ATTRIBUTES = 64;
/** Wi-Fi Simple Configuration §12: the longest of its texts (the manufacturer's name). */
export const MAX_NAME = 64;
/** IEEE 802.11 §9.4.2.2. */
export const MAX_SSID = 32;
