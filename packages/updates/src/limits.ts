/** Bounds of what a client takes from a repository that may be hostile, each with its reason. Bytes unless said. */

/** Root: four roles and their keys; a hundred RSA keys of 4096 bits fit. It has no length written anywhere else. */
export const ROOT_BYTES = 512 * 1024;
/** Timestamp: names one file. It has no length written anywhere else. */
export const TIMESTAMP_BYTES = 16 * 1024;
/** Snapshot where the timestamp gives no length: a line of about 120 bytes for each of 16,384 bins. */
export const SNAPSHOT_BYTES = 4 * 1024 * 1024;
/** Targets where the snapshot gives no length: about 10,000 images of 500 bytes. */
export const TARGETS_BYTES = 5 * 1024 * 1024;
/** TUF 5.3.3: new roots taken in one refresh; a device that slept for ten years of weekly rotation catches up in three. */
export const ROOT_ROTATIONS = 256;
/** TUF 5.6.7.1: roles asked for one target. A tree of manufacturer, model and bin asks three. */
export const DELEGATIONS_VISITED = 32;
/** Values inside values: the specification needs seven; what is unknown to us may need some more. */
export const JSON_DEPTH = 64;
/** Keys of one role. Each costs a verification; no ceremony has more hands. */
export const ROLE_KEYS = 64;
/** A role's name becomes a file's name, three bytes for one, and file systems take 255. */
export const ROLE_NAME_BYTES = 80;
/** A target's path becomes part of an address. */
export const TARGET_PATH_BYTES = 1024;
/** RSA: shorter is broken, longer keeps a small device busy. Bits. */
export const RSA_BITS = { least: 2048, most: 8192 } as const;
/** TAP 15: 2^20 bins are a hundred times more than any repository of firmware needs. */
export const BIN_BITS = 20;
/** The largest image: a whole imaging console on a disk. */
export const TARGET_BYTES = 64 * 1024 ** 3;
/** What stands before an encrypted image: two hundred bytes for one group, by other tools a hundred keys beside it. */
export const SEAL_HEADER_BYTES = 16 * 1024;
/** Slow retrieval: an image that comes slower than this over the time below is given up. Bytes a second. */
export const SLOWEST = 256;
/** How long a stream may be slow before it is judged. Milliseconds. */
export const SLOW_GRACE = 30_000;
/** Provenance of one build: a statement of a few kilobytes, with all materials of a large product. */
export const PROVENANCE_BYTES = 4 * 1024 * 1024;
/** Signatures of one envelope. */
export const PROVENANCE_SIGNATURES = 32;
/** What one build made, and what it was made from, as far as it is looked through. */
export const PROVENANCE_SUBJECTS = 10_000;
/** A URI, or a time. Characters. */
export const PROVENANCE_TEXT = 2048;
/** Advisories that a release answers. */
export const RELEASE_ADVISORIES = 50;
