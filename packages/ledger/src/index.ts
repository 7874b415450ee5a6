/** Merkle tree, checkpoints and proofs (RFC 6962, C2SP): the arithmetic of a ledger that nobody can quietly change. */
export {};
