/** Bounds of an assessment on one machine, each with its reason. */

/** A year of hourly captures in one folder. */
export const CAPTURE_FILES = 100_000;
/** Depth of folders below the one that was named; deeper is a loop or a mistake. */
export const FOLDER_DEPTH = 32;
/** Bytes read at once: large enough that the disk and not the call is what one waits for. */
export const READ_BYTES = 1_048_576;
/** A damaged file can have a fault at every record; so many are listed, the rest is counted. */
export const ERRORS_LISTED = 200;
