/** Merkle tree, checkpoints and proofs (RFC 6962, C2SP): the arithmetic of a ledger that nobody can quietly change. */
export { type Checkpoint, checkpointText, parseCheckpoint } from './checkpoint.ts';
export { commitmentOf, type Entry, entryText, parseEntry } from './entry.ts';
export { type ExportFault, ExportReader, type ExportSummary, exportForm } from './export.ts';
export { Frontier } from './frontier.ts';
export { emptyRoot, type Hash, leafHash, nodeHash, sameHash } from './hash.ts';
export { ENTRY_BYTES } from './limits.ts';
export {
  checkNote,
  createSigner,
  formatNote,
  type Note,
  type NoteSignature,
  parseNote,
  parseVerifier,
  type Signer,
  signNote,
  type Verifier,
  verifierText,
} from './note.ts';
export { ReceivedReader, type ReceivedSummary } from './received.ts';
export { entryBundle, parseTilePath, TILE_LEVELS, TILE_WIDTH, type Tile, tilePath } from './tiles.ts';
export {
  completedBy,
  consistencyProof,
  frontierOf,
  inclusionProof,
  type Place,
  type ReadHashes,
  rootOf,
} from './tree.ts';
export { type Consistency, type Inclusion, verifyConsistency, verifyInclusion } from './verify.ts';
export {
  ADD_CHECKPOINT_BYTES,
  type AddCheckpoint,
  addCheckpointText,
  type Judgement,
  judgeCheckpoint,
  parseAddCheckpoint,
} from './witness.ts';
