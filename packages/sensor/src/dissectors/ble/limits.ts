/** Structures of one advertisement that are read: legacy ones hold 31 bytes, extended ones 255. */
export const MAX_STRUCTURES = 64;
/** Services of one advertisement that are told. */
export const MAX_SERVICES = 16;
/** Bluetooth Core, Vol 3 Part C §12.1: a device's name has up to 248 bytes. */
export const MAX_NAME = 248;
