/** Bounds of device secrets, each with its reason. */

/** A window is one night or one day of service, not a standing permission. */
export const WINDOW_MICROS = 24 * 3600 * 1_000_000;
/** An order is given for the nights to come, not for next year: by then nobody knows why. */
export const WINDOW_AHEAD_MICROS = 31 * 24 * 3600 * 1_000_000;
/** A device that does not answer by then is away; many have slow processors. */
export const CONNECT_MILLISECONDS = 20_000;
/** One command on a device. */
export const COMMAND_MILLISECONDS = 30_000;
/** What a command may say before the connection is ended: a device that floods is not read to its end. */
export const OUTPUT_BYTES = 16 * 1024;
/** Who runs a rotation says so every quarter of this; after it somebody else may take it up. */
export const LEASE_MICROS = 120 * 1_000_000;
/** Attempts within one window where the device does not answer. */
export const TRIES = 20;
/** Secrets of one installation: one to three for each device. */
export const SECRETS = 200_000;
/** 24 characters of 56 that cannot be taken for each other: 139 bits. */
export const PASSWORD_CHARACTERS = 24;
/** Entries of a secret's history that are told. */
export const HISTORY_SHOWN = 200;
