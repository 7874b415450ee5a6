/** Longest text of one frame: LIS01-A2 §6.3.1.2 allows 64,000 characters, E1381 247. */
export const MAX_FRAME = 64_000;
/** Longest record that is read; longer ones (images in a result's value) are left out whole. */
export const MAX_RECORD = 16_384;
/** Fields of one record that are looked at; the longest (patient information, LIS2-A2 §7) has 35. */
export const MAX_FIELDS = 40;
/** Repetitions of one field that are reported. */
export const MAX_REPETITIONS = 8;
/** Components of the sender's name that are stated: makers put name, software, serial number and interface there. */
export const MAX_PARTS = 8;
/** Instruments of one message that are named; an automation line speaks for a dozen. */
export const MAX_INSTRUMENTS = 16;
/** Characters of one text that are stated. */
export const MAX_TEXT = 100;
/** Control characters that may stand before the first frame of a side: enquiries that collide, answers, ends. */
export const MAX_CONTROLS = 16;
