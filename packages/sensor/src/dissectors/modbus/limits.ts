/** MODBUS Messaging on TCP/IP V1.0b §3.1.3: transaction, protocol, length. */
export const PREFIX = 6;
/** The length counts the unit identifier and a PDU of at most 253 bytes (Application Protocol V1.1b3 §4.1). */
export const MAX_LENGTH = 254;
/** Objects of one identification answer that are read: seven are standardised, and 253 bytes hold few more. */
export const MAX_OBJECTS = 32;
/** Characters of an identification text that are stated. */
export const MAX_TEXT = 128;
