/** Bounds of a sensor's spool, each with its reason. */

/** What a file takes of a disk at least: a batch of a few bytes costs as much. */
export const BLOCK_BYTES = 4096;
/** A busy ward port makes some 100 MB of batches a day: days of absence, on any disk. */
export const DEFAULT_MEGABYTES = 1024;
/** Below this not even a few batches fit, and everything would be thinned at once. */
export const LEAST_MEGABYTES = 1;
/** A batch has at most 2 × 5,000 rows of about 4 kB; what unpacks to more was not written by a sensor. */
export const UNPACKED_BYTES = 64 * 1024 * 1024;
