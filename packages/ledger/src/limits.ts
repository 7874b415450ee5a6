/** Bounds of what this package takes in, each with its reason. */

/** A tile of 256 leaves is hashed four times a path of the tree; beyond 2^53 sizes are no safe integers. */
export const MOST_LEAVES = Number.MAX_SAFE_INTEGER;
/** C2SP signed-note: a reader has to take at least 16; more would be a way to keep it busy. */
export const SIGNATURES = 16;
/** A checkpoint is a few lines; a note of another kind is refused long before it is parsed. */
export const NOTE_BYTES = 64 * 1024;
/** A proof has one hash for each level, and a tree of 2^53 leaves has 53. */
export const PROOF_HASHES = 64;
/** C2SP tlog-tiles: an entry of a bundle has its length in two bytes. */
export const ENTRY_BYTES = 65_535;
/** Acts that came before one of a lower number: a ledger sends in order, and what is sent again is some thousands. */
export const RECEIVED_EARLY = 100_000;
/** Signed heads that wait for their acts; one is sent now and then. */
export const RECEIVED_HEADS = 1000;
/** C2SP tlog-witness: a consistency proof has at most 63 hashes. */
export const WITNESS_PROOF_LINES = 63;
