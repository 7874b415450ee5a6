/** Longest segment that is read; longer ones (documents in OBX-5) are skipped to their end. */
export const MAX_SEGMENT = 16_384;
/** Fields of one segment that are looked at; the longest standard segment (IN1, PV1) has 55. */
export const MAX_FIELDS = 96;
/** Repetitions of one field that are reported. */
export const MAX_REPETITIONS = 8;
/** Messages whose acknowledgement is awaited; a sender waits for each one, or keeps a small window. */
export const MAX_AWAITED = 32;
/** Devices of one message whose attributes are being collected; a gateway speaks for a ward at the most. */
export const MAX_DEVICES = 32;
/** Characters of one identifier that are stated: an entity identifier is 199 at the most (HL7 v2.7 §2.A.28). */
export const MAX_TEXT = 200;
